import { TextInput } from '@mantine/core'

const dayMs = 86_400_000

interface Props {
  label: string
  at: number | undefined
  /** Up to the last moment of the day. */
  isEnd?: boolean
  change: (at: number | undefined) => void
}

/** A day in the viewer's zone, as a moment: its first or its last. */
export function DayFilter({ label, at, isEnd = false, change }: Props) {
  return (
    <TextInput
      type="date"
      size="xs"
      w={140}
      label={label}
      value={at === undefined ? '' : dayOf(at)}
      onChange={({ currentTarget: { value } }) => change(momentOf(value, isEnd))}
    />
  )
}

function dayOf(at: number): string {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

function momentOf(day: string, isEnd: boolean): number | undefined {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  if (day === '' || year < 1970) return undefined
  const start = new Date(year, month - 1, date).getTime()
  return isEnd ? start + dayMs - 1 : start
}
