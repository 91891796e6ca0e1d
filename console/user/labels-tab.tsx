import { Button, Card, Group, SimpleGrid, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../session/call.ts'
import type { Picture } from './user.tsx'

/** Tags and alias: by what a push finds the user. */
export function LabelsTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  const userId = picture.profile.user_id
  const [tags, setTags] = useState(picture.tags)
  const [alias, setAlias] = useState(picture.alias)
  const added = tags.filter(tag => !picture.tags.includes(tag))
  const removed = picture.tags.filter(tag => !tags.includes(tag))
  const saved = { done: t('parts.saved'), changes: ['user', 'audit'] }
  const saveTags = useAct(async client => {
    const { push } = client.actingFor(userId)
    if (added.length > 0) await push.addTags({ tags: added })
    if (removed.length > 0) await push.removeTags({ tags: removed })
  }, saved)
  const saveAlias = useAct(client => client.actingFor(userId).push.setAlias({ alias: alias.trim() }), saved)
  const submit = (save: () => unknown) => (event: FormEvent) => {
    event.preventDefault()
    save()
  }

  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} className="tops">
      <Card component="form" onSubmit={submit(() => saveTags.tell(undefined))}>
        <Stack gap="sm">
          <Text component="h2" fw={650}>
            {t('user.tags')}
          </Text>
          <TagsInput
            label={t('user.tags')}
            description={t('user.tagsAbout')}
            value={tags}
            onChange={setTags}
            maxTags={100}
          />
          <Group>
            <Button type="submit" disabled={added.length + removed.length === 0} loading={saveTags.isPending}>
              {t('parts.save')}
            </Button>
          </Group>
        </Stack>
      </Card>
      <Card component="form" onSubmit={submit(() => saveAlias.tell(undefined))}>
        <Stack gap="sm">
          <Text component="h2" fw={650}>
            {t('user.alias')}
          </Text>
          <TextInput
            label={t('user.alias')}
            description={t('user.aliasAbout')}
            maxLength={64}
            value={alias}
            onChange={({ currentTarget }) => setAlias(currentTarget.value)}
          />
          <Group>
            <Button type="submit" disabled={alias.trim() === picture.alias} loading={saveAlias.isPending}>
              {t('parts.save')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </SimpleGrid>
  )
}
