import { Card, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What is so, by name: a list of terms and what stands for them. */
export function Facts({ title, facts }: { title?: string; facts: [name: string, value: ReactNode][] }) {
  return (
    <Card>
      {title && (
        <Text component="h2" fw={650} mb="xs">
          {title}
        </Text>
      )}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value === '' ? '–' : value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
