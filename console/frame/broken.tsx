import { Button, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { NoneYet } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { Page } from '../parts/page.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('frame.noPage')}>
      <NoneYet icon="search" title={t('frame.noPageAbout')}>
        <Button component={Link} to="/" variant="default" size="xs">
          {t('frame.places.overview')}
        </Button>
      </NoneYet>
    </Page>
  )
}

/** A screen that failed; such as one of a version that was replaced meanwhile. */
export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <Page title={t('parts.failed')}>
      <Failure error={error} />
      <Group>
        <Button variant="default" size="xs" onClick={() => location.reload()}>
          {t('frame.reload')}
        </Button>
      </Group>
    </Page>
  )
}
