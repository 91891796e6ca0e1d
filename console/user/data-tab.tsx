import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'
import { save } from '../parts/save.ts'
import { useAct } from '../session/call.ts'
import type { Picture } from './user.tsx'

/** Everything that is kept about the user, as one file. */
export function DataTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const { user_id } = picture.profile
  const { tell, isPending } = useAct(
    async client => {
      const kept = await client.actingFor(user_id).rights.exportUser()
      save(`user-${user_id}.json`, 'application/json', JSON.stringify(kept, null, 2))
    },
    { done: t('user.exported'), changes: ['audit'] },
  )
  return (
    <Card maw={640}>
      <Stack gap="sm">
        <Text component="h2" fw={650}>
          {t('user.export')}
        </Text>
        <Text size="sm">{t('user.exportAbout')}</Text>
        <Group>
          <Button leftSection={<Icon name="download" size={16} />} loading={isPending} onClick={() => tell(undefined)}>
            {t('user.exportNow')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
