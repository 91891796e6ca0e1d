import { NavLink, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/dialog.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { useSession } from '../session/session.tsx'
import { placesFor } from './places.ts'

interface Choice {
  id: string
  label: string
  icon: IconName
  go: () => unknown
}

/** Where to? A screen by its name, a user by its id or the beginning of its name. */
export default function Palette({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { kind } = useSession()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [place, setPlace] = useState(0)
  const list = useId()
  const words = typed.trim()

  const choices: Choice[] = [
    ...(/^\d{1,16}$/.test(words)
      ? [
          {
            id: 'user',
            label: t('frame.openUser', { id: words }),
            icon: 'person' as const,
            go: () => navigate({ to: '/users/$userId', params: { userId: Number(words) } }),
          },
        ]
      : []),
    ...placesFor(kind)
      .map(each => ({
        id: each.name,
        label: t(`frame.places.${each.name}`),
        icon: each.icon,
        go: () => navigate({ to: each.path }),
      }))
      .filter(({ label }) => label.toLowerCase().includes(words.toLowerCase())),
    ...(words
      ? [
          {
            id: 'find',
            label: t('frame.findUsers', { words }),
            icon: 'search' as const,
            go: () => navigate({ to: '/users', search: { q: words } }),
          },
        ]
      : []),
  ]
  const current = choices[Math.min(place, choices.length - 1)]

  const take = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    choice.go()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Enter') take(current)
    if (step === 0 || choices.length === 0) return
    event.preventDefault()
    setPlace(old => (Math.min(old, choices.length - 1) + step + choices.length) % choices.length)
  }

  return (
    <Dialog
      onClose={close}
      withCloseButton={false}
      aria-label={t('frame.goTo')}
      padding="sm"
      yOffset="12vh"
      centered={false}
    >
      <Stack gap="xs">
        <TextInput
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={current && `${list}-${current.id}`}
          aria-label={t('frame.goTo')}
          placeholder={t('frame.paletteHint')}
          leftSection={<Icon name="search" size={16} />}
          value={typed}
          onKeyDown={onKeyDown}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setPlace(0)
          }}
        />
        <div role="listbox" id={list} aria-label={t('frame.goTo')}>
          {choices.map(choice => (
            <NavLink
              component="div"
              role="option"
              key={choice.id}
              id={`${list}-${choice.id}`}
              aria-selected={choice === current}
              active={choice === current}
              label={choice.label}
              leftSection={<Icon name={choice.icon} size={16} />}
              onClick={() => take(choice)}
              py={6}
            />
          ))}
        </div>
        {choices.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            {t('parts.noMatch')}
          </Text>
        )}
      </Stack>
    </Dialog>
  )
}
