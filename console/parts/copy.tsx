import { ActionIcon, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

export function Copy({ value, what }: { value: string; what: string }) {
  const { t } = useTranslation()
  const { copied, copy } = useClipboard({ timeout: 1500 })
  const label = copied ? t('parts.copied') : t('parts.copy', { what })
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" aria-label={label} onClick={() => copy(value)}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
      </ActionIcon>
    </Tooltip>
  )
}
