import { Chart } from './chart.tsx'

export interface Series {
  name: string
  color: string
}

interface Props {
  title: string
  /** What the rows are: days, channels … */
  head: string
  series: Series[]
  rows: { name: string; values: number[] }[]
}

const gap = 6

/** Lying bars, a row each, with their parts one after the other. */
export function Bars({ title, head, series, rows }: Props) {
  const most = Math.max(1, ...rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0)))
  return (
    <Chart
      title={title}
      heads={[head, ...series.map(({ name }) => name)]}
      rows={rows.map(({ name, values }) => [name, ...values])}
    >
      <div className="bars">
        {rows.map(({ name, values }) => (
          <div key={name}>
            <span>{name}</span>
            <Bar values={values} most={most} series={series} />
            <span className="figures">{values.reduce((sum, value) => sum + value, 0).toLocaleString()}</span>
          </div>
        ))}
      </div>
      {series.length > 1 && <Legend series={series} />}
    </Chart>
  )
}

function Bar({ values, most, series }: { values: number[]; most: number; series: Series[] }) {
  let from = 0
  return (
    <svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" width="100%" height={16}>
      <rect width={1000} height={20} rx={gap} fill="var(--line)" />
      {values.map((value, part) => {
        const width = (value / most) * 1000
        const start = from
        from += width
        return <rect key={series[part]?.name} x={start} width={width} height={20} fill={series[part]?.color} />
      })}
    </svg>
  )
}

const Legend = ({ series }: { series: Series[] }) => (
  <ul className="legend">
    {series.map(({ name, color }) => (
      <li key={name}>
        <svg width={10} height={10} aria-hidden="true">
          <rect width={10} height={10} rx={2} fill={color} />
        </svg>
        {name}
      </li>
    ))}
  </ul>
)
