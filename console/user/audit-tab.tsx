import { Anchor, Card } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { NoneYet } from '../parts/empty.tsx'
import { Entries } from '../trail/entries.tsx'
import type { Picture } from './user.tsx'

export function AuditTab({ picture }: { picture: Picture }) {
  const { t } = useTranslation()
  if (picture.audit.length === 0)
    return (
      <NoneYet icon="trail" title={t('user.noActs')}>
        {t('user.noActsAbout')}
      </NoneYet>
    )
  return (
    <>
      <Card padding={0}>
        <Entries entries={picture.audit} />
      </Card>
      <Anchor component={Link} to={`/audit?about_user=${picture.profile.user_id}`} size="sm">
        {t('user.wholeTrail')}
      </Anchor>
    </>
  )
}
