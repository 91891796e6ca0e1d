const states = ['waiting', 'expanding', 'sending', 'paused', 'cancelled', 'done'] as const

export const taskState = (state: string) => states.find(each => each === state) ?? 'waiting'

const colors: Record<string, string> = {
  waiting: 'yellow',
  expanding: 'blue',
  sending: 'blue',
  paused: 'orange',
  cancelled: 'gray',
  done: 'teal',
}

export const taskColor = (state: string) => colors[state] ?? 'gray'
