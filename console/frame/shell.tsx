import { ActionIcon, Button, Group, Kbd, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'
import { Mark } from '../parts/mark.tsx'
import { useSession } from '../session/session.tsx'
import { useKeys } from './keys.ts'
import { Navigation } from './navigation.tsx'
import { Offline } from './offline.tsx'
import { Preferences } from './preferences.tsx'

const AppChoice = lazy(() => import('./app-choice.tsx'))
const Palette = lazy(() => import('./palette.tsx'))
const KeyHelp = lazy(() => import('./key-help.tsx'))

/** What stands around every screen. */
export function Shell() {
  const { t } = useTranslation()
  const { appId } = useSession()
  const [isOpen, menu] = useDisclosure()
  const [hasPalette, palette] = useDisclosure()
  const [hasHelp, help] = useDisclosure()
  const main = useRef<HTMLElement>(null)
  useKeys({ palette: palette.open, help: help.open })
  useEnteredFocus(main)

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('frame.skip')}
      </a>
      <header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <ActionIcon
              hiddenFrom="sm"
              size="lg"
              onClick={menu.toggle}
              aria-expanded={isOpen}
              aria-label={t('frame.menu')}
            >
              <Icon name={isOpen ? 'close' : 'menu'} />
            </ActionIcon>
            <Mark />
            <Text fw={650} visibleFrom="xs">
              Stonechat
            </Text>
          </Group>
          <Button
            variant="default"
            size="xs"
            onClick={palette.open}
            leftSection={<Icon name="search" size={14} />}
            rightSection={<Kbd size="xs">Ctrl K</Kbd>}
            visibleFrom="sm"
          >
            {t('frame.goTo')}
          </Button>
          <Group gap={4} wrap="nowrap">
            <Preferences />
            <Person help={help.open} />
          </Group>
        </Group>
      </header>
      <nav aria-label={t('frame.navigation')} {...(isOpen && { 'data-open': true })}>
        <Navigation close={menu.close} />
      </nav>
      <main id="main" tabIndex={-1} ref={main}>
        <Offline />
        <Suspense>{appId === '' ? <AppChoice /> : <Outlet />}</Suspense>
      </main>
      <Suspense>
        {hasPalette && <Palette close={palette.close} />}
        {hasHelp && <KeyHelp close={help.close} />}
      </Suspense>
    </div>
  )
}

/** Who goes to another screen goes on at its beginning, by keyboard too. */
function useEnteredFocus(main: React.RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [path, main])
}

function Person({ help }: { help: () => void }) {
  const { t } = useTranslation()
  const { name, kind, signOut } = useSession()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="sm" px="xs" leftSection={<Icon name="person" size={16} />}>
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t(`frame.kinds.${kind}`)}</Menu.Label>
        <Menu.Item component={Link} to="/tokens">
          {t('frame.sessions')}
        </Menu.Item>
        <Menu.Item onClick={help} rightSection={<Kbd size="xs">?</Kbd>}>
          {t('frame.keys')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut()}>{t('frame.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
