/** Strokes on a field of 24; drawn here, so that nothing has to be loaded for them. */
const strokes = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 4v3h6V4z',
  users:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2 21c0-4 3-6 7-6s7 2 7 6M16 3.500a4 4 0 0 1 0 7.500M22 21c0-3-1.500-5-4-5.700',
  presence:
    'M12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2M8 16a5.600 5.600 0 0 1 0-8M16 8a5.600 5.600 0 0 1 0 8M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14',
  push: 'M21 3 3 10l7 3 3 8zM10 13l5-5',
  tasks: 'M4 6h2M4 12h2M4 18h2M10 6h10M10 12h10M10 18h10',
  notifiers: 'M14 10a5 5 0 1 1-2-4M12 9h9M18 9v4M21 9v3',
  webhooks: 'M9 7a3 3 0 1 1 4 3l-4 7M6 14a3 3 0 1 0 3 4h7M15 15a3 3 0 1 0 1-4l-3-5',
  trail: 'M7 3h10v18l-2.500-2-2.500 2-2.500-2L7 21zM10 8h4M10 12h4',
  apps: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM16.500 13v7M13 16.500h7',
  system: 'M3 12h4l2-6 4 12 2-6h6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l5 5',
  settings: 'M4 7h10M18 7h2M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M4 17h2M10 17h10M8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 3-6 8-6s8 2 8 6',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  columns: 'M4 4h16v16H4zM10 4v16M15 4v16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12l5 5L20 7',
  alert: 'M12 3 2 20h20zM12 10v4M12 17v.01',
  offline: 'M3 3l18 18M5 12a10 10 0 0 1 4-2M8.500 15.500a5 5 0 0 1 5-1M12 19v.01M15 10a10 10 0 0 1 4 2',
  keyboard: 'M3 6h18v12H3zM7 10v.01M11 10v.01M15 10v.01M8 14h8',
  more: 'M5 12v.01M12 12v.01M19 12v.01',
  refresh: 'M20 11a8 8 0 1 0-2 6M20 5v6h-6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  ban: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M6 6l12 12',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  plus: 'M12 5v14M5 12h14',
} as const

export type IconName = keyof typeof strokes

/** Says nothing to a screen reader: what it means stands beside it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={strokes[name]} />
    </svg>
  )
}
