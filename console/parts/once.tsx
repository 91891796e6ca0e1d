import { Group, Text } from '@mantine/core'
import { Copy } from './copy.tsx'

/** A secret that is shown this once. */
export const Once = ({ name, value }: { name: string; value: string }) => (
  <div>
    <Text size="sm" fw={600}>
      {name}
    </Text>
    <Group gap="xs" wrap="nowrap">
      <Text component="code" className="mono">
        {value}
      </Text>
      <Copy value={value} what={name} />
    </Group>
  </div>
)
