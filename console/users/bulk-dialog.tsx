import { Stack, TagsInput, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../parts/confirm.tsx'
import { useAct } from '../session/call.ts'
import type { BulkAct, Meant } from './bulk-acts.tsx'

interface Props {
  act: BulkAct
  meant: Meant
  close: () => void
  done: () => void
}

/** Says how many it is about, asks, starts the job, and goes to where its progress is seen. */
export function BulkDialog({ act, meant, close, done }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [tags, setTags] = useState<string[]>([])
  const needsTags = act === 'tag' || act === 'untag'
  const isHarsh = act === 'ban' || act === 'kick'
  const { perform } = useAct(
    client =>
      client.jobs.startJob({
        act,
        ...(meant.userIds.length > 0 ? { user_ids: meant.userIds } : { filter: meant.filter }),
        ...(needsTags && { tags }),
      }),
    { changes: ['jobs', 'users'] },
  )

  const start = async () => {
    const job = (await perform(undefined)) as { job_id: number }
    done()
    navigate({ to: '/jobs/$jobId', params: { jobId: job.job_id } })
  }

  return (
    <Confirm
      title={t(`jobs.acts.${act}`)}
      act={t('jobs.start')}
      color={isHarsh ? 'red' : 'tide'}
      {...(isHarsh && meant.count > 1 && { word: String(meant.count) })}
      isReady={!needsTags || tags.length > 0}
      perform={start}
      close={close}
    >
      <Stack gap="sm">
        <Text size="sm">
          {t(meant.isExact ? 'jobs.about' : 'jobs.aboutAtLeast', { count: meant.count })} {t(`jobs.means.${act}`)}
        </Text>
        {needsTags && <TagsInput data-autofocus label={t('jobs.tags')} value={tags} onChange={setTags} maxTags={100} />}
      </Stack>
    </Confirm>
  )
}
