import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCall } from '../session/call.ts'
import { useSession } from '../session/session.tsx'

/** Which app the screens are about. */
export default function AppSwitch() {
  const { t } = useTranslation()
  const { appId, choose } = useSession()
  const apps = useCall(['apps', 'all'], client => client.apps.listApps({ page_size: 500 })).data?.data ?? []
  return (
    <Select
      size="xs"
      maw={320}
      label={t('frame.app')}
      searchable
      placeholder={t('frame.chooseApp')}
      value={appId || null}
      data={apps.map(({ app_id, name }) => ({ value: app_id, label: `${name} (${app_id})` }))}
      onChange={value => value && choose(value)}
      nothingFoundMessage={t('parts.noMatch')}
    />
  )
}
