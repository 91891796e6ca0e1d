import { Chart } from './chart.tsx'

interface Props {
  title: string
  head: string
  series: string
  rows: { name: string; value: number }[]
}

const height = 120
const step = 40

/** Standing columns, for what goes along time. */
export function Columns({ title, head, series, rows }: Props) {
  const most = Math.max(1, ...rows.map(({ value }) => value))
  return (
    <Chart title={title} heads={[head, series]} rows={rows.map(({ name, value }) => [name, value])}>
      <svg viewBox={`0 0 ${rows.length * step} ${height + 34}`} width="100%" height={190} role="img" aria-label={title}>
        {rows.map(({ name, value }, place) => {
          const tall = Math.max((value / most) * height, value > 0 ? 2 : 0)
          const middle = place * step + step / 2
          return (
            <g key={name} className="column">
              <rect x={place * step + 8} y={16 + height - tall} width={step - 16} height={tall} rx={2} />
              <text x={middle} y={12 + height - tall} textAnchor="middle">
                {value}
              </text>
              <text x={middle} y={height + 29} textAnchor="middle">
                {name.slice(5)}
              </text>
            </g>
          )
        })}
        <line x1={0} x2={rows.length * step} y1={16 + height} y2={16 + height} stroke="var(--line)" />
      </svg>
    </Chart>
  )
}
