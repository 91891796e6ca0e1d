import { useTranslation } from 'react-i18next'

/** A moment in the viewer's zone, with UTC where the pointer rests; a dash for none (0). */
export function Moment({ at, withSeconds = false }: { at: number; withSeconds?: boolean }) {
  const { i18n } = useTranslation()
  if (!at) return <span>–</span>
  const utc = new Date(at).toISOString()
  return (
    <time dateTime={utc} title={`${utc.slice(0, 19).replace('T', ' ')} UTC`}>
      {formatted(at, i18n.language, withSeconds)}
    </time>
  )
}

export const formatted = (at: number, language: string, withSeconds = false) =>
  new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: withSeconds ? 'medium' : 'short',
    hourCycle: 'h23',
  }).format(at)

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago, or in how long, in words: for what is close. */
export function Ago({ at, now = Date.now() }: { at: number; now?: number }) {
  const { i18n } = useTranslation()
  if (!at) return <span>–</span>
  const utc = new Date(at).toISOString()
  const [unit, size] = steps.find(([, length]) => Math.abs(at - now) >= length) ?? (['second', 1000] as const)
  const words = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'auto' }).format(
    Math.round((at - now) / size),
    unit,
  )
  return (
    <time dateTime={utc} title={`${formatted(at, i18n.language, true)} · ${utc.slice(0, 19).replace('T', ' ')} UTC`}>
      {words}
    </time>
  )
}
