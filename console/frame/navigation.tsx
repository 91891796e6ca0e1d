import { NavLink, Text } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'
import { useSession } from '../session/session.tsx'
import { groups, placesFor } from './places.ts'

const AppSwitch = lazy(() => import('./app-switch.tsx'))

export function Navigation({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { kind } = useSession()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const isHere = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`))

  return (
    <>
      <Suspense>{kind === 'operator' && <AppSwitch />}</Suspense>
      {groups.map(group => (
        <div key={group}>
          <Text size="xs" fw={600} c="dimmed" px="xs" pt="sm" pb={4}>
            {t(`frame.groups.${group}`)}
          </Text>
          {placesFor(kind)
            .filter(place => place.group === group)
            .map(place => (
              <NavLink
                key={place.name}
                renderRoot={props => <Link to={place.path} onClick={close} {...props} />}
                label={t(`frame.places.${place.name}`)}
                leftSection={<Icon name={place.icon} />}
                active={isHere(place.path)}
                {...(isHere(place.path) && { 'aria-current': 'page' as const })}
                py={6}
              />
            ))}
        </div>
      ))}
    </>
  )
}
