import { banned } from '../accounts/accounts.sql.ts'
import type { OutcomeWord } from './outcomes.ts'
import type { SubjectRow } from './subjects.sql.ts'

/** Why a user gets no push now, if so; `detail` says more. */
export interface Barrier {
  outcome: OutcomeWord
  detail: string
}

/** The hour of the day, and the time as people read it, in a zone. */
export interface LocalTime {
  hour: number
  text: string
  zone: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Zones know their own summer time; a formatter costs more than what it formats, so each is kept. */
export function localTime(zone: string, now: number): LocalTime {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    formats.set(zone, format)
  }
  const text = format.format(now)
  return { hour: Number(text.slice(0, 2)), text: `${text} ${zone}`, zone }
}

/** `[start, end)` in whole hours, across midnight where start is later; equal means never. */
export const isWithin = (hour: number, start: number, end: number): boolean =>
  start <= end ? hour >= start && hour < end : hour >= start || hour < end

const quarter = 900_000

/** When the quiet hours that hold at `now` end (ms), to a quarter of an hour; 0 where they end within no day. */
export function quietUntil({ no_push_start_hour, no_push_end_hour }: SubjectRow, zone: string, now: number): number {
  const first = Math.floor(now / quarter) + 1
  for (let step = first; step < first + 100; step++)
    if (!isWithin(localTime(zone, step * quarter).hour, no_push_start_hour, no_push_end_hour)) return step * quarter
  return 0
}

/** `subject` is undefined where there is no such user any more. */
export function barrierOf(subject: SubjectRow | undefined, time: LocalTime): Barrier | undefined {
  if (!subject) return { outcome: 'deleted', detail: '' }
  if (subject.status === banned) return { outcome: 'banned', detail: '' }
  if (subject.no_push) return { outcome: 'no_push', detail: '' }
  if (isWithin(time.hour, subject.no_push_start_hour, subject.no_push_end_hour))
    return { outcome: 'quiet_hours', detail: time.text }
}

/** Delivered, but without sound or vibration. */
export const isSilenced = ({ no_sounds, silence_start_time, silence_end_time }: SubjectRow, { hour }: LocalTime) =>
  no_sounds === 1 || isWithin(hour, silence_start_time, silence_end_time)
