import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StonechatError } from '../../client/index.ts'
import { Icon } from './icon.tsx'

/** What a person reads of an error: the service's own sentence, or that there was no answer. */
export function useSentence(): (error: unknown) => string {
  const { t } = useTranslation()
  return error => {
    if (error instanceof StonechatError)
      return error.retryAfter === undefined
        ? error.message
        : `${error.message} ${t('parts.retryAfter', { count: Math.ceil(error.retryAfter) })}`
    return error instanceof TypeError ? t('parts.noAnswer') : t('parts.strange', { message: String(error) })
  }
}

/** A call that failed: why, the id by which the log knows it, and another try. */
export function Failure({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const id = error instanceof StonechatError ? error.requestId : undefined
  return (
    <Alert color="red" icon={<Icon name="alert" />} title={t('parts.failed')} role="alert">
      <Text size="sm">{sentence(error)}</Text>
      {id && (
        <Text size="sm" c="dimmed">
          {t('parts.requestId')} <span className="mono">{id}</span>
        </Text>
      )}
      {retry && (
        <Group mt="sm">
          <Button size="xs" variant="default" leftSection={<Icon name="refresh" size={14} />} onClick={() => retry()}>
            {t('parts.retry')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
