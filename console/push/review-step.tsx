import { Button, Group, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { Facts } from '../parts/facts.tsx'
import { Icon } from '../parts/icon.tsx'
import { Moment } from '../parts/moment.tsx'
import { useAct, useCall } from '../session/call.ts'
import { Preview } from './audience-step.tsx'
import type { StepProps } from './composer.tsx'
import { audienceOf, entriesOf, messageOf } from './draft.ts'
import { TestSend } from './test-send.tsx'

const momentOf = (local: string) => new Date(local).getTime()

export function ReviewStep({ draft }: StepProps) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  return (
    <Stack>
      <Facts
        facts={[
          [
            t('composer.audience'),
            draft.kind === 'all'
              ? t('composer.kinds.all')
              : `${t(`composer.kinds.${draft.kind}`)} (${entriesOf(draft).length})`,
          ],
          [t('composer.title'), draft.title],
          [t('composer.body'), draft.body],
          [t('composer.begin'), draft.begin ? <Moment key="begin" at={momentOf(draft.begin)} /> : t('composer.now')],
          [t('composer.end'), draft.end ? <Moment key="end" at={momentOf(draft.end)} /> : t('composer.endAbout')],
          [t('composer.strategy'), t(`composer.strategies.${draft.strategy}`)],
        ]}
      />
      <Preview draft={draft} />
      <TestSend message={messageOf(draft)} />
      <Group>
        <Button leftSection={<Icon name="push" size={16} />} onClick={() => setAsking(true)}>
          {draft.begin ? t('composer.schedule') : t('composer.send')}
        </Button>
      </Group>
      {isAsking && <SendDialog draft={draft} close={() => setAsking(false)} />}
    </Stack>
  )
}

/** Who sends to everybody types first how many that are. */
function SendDialog({ draft, close }: Pick<StepProps, 'draft'> & { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isAll = draft.kind === 'all'
  const everybody = useCall(['users-count', {}], client => client.users.countUsers({}), { enabled: isAll })
  const { perform } = useAct(
    async client => {
      const { task_id } = await client.delivery.notify({
        audience: audienceOf(draft),
        message: messageOf(draft),
        setting: {
          distribution_strategy: draft.strategy,
          ...(draft.requestId && { request_id: draft.requestId }),
        },
      })
      await navigate({ to: '/push/tasks/$taskId', params: { taskId: task_id } })
    },
    { done: t('composer.accepted'), changes: ['tasks', 'overview', 'audit'] },
  )
  return (
    <Confirm
      title={draft.begin ? t('composer.schedule') : t('composer.send')}
      act={draft.begin ? t('composer.schedule') : t('composer.send')}
      color={isAll ? 'red' : 'tide'}
      {...(isAll && { word: everybody.data ? String(everybody.data.users) : '…' })}
      isReady={!isAll || everybody.data !== undefined}
      perform={() => perform(undefined)}
      close={close}
    >
      <Text size="sm">
        {isAll
          ? t('composer.sureAll', { count: everybody.data?.users ?? 0 })
          : t('composer.sure', { count: entriesOf(draft).length })}
      </Text>
    </Confirm>
  )
}
