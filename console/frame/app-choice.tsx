import { useTranslation } from 'react-i18next'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { useCall } from '../session/call.ts'
import AppSwitch from './app-switch.tsx'

/** An operator looks after every app; each screen is about one of them. */
export default function AppChoice() {
  const { t } = useTranslation()
  const apps = useCall(['apps', 'all'], client => client.apps.listApps({ page_size: 500 }))
  return (
    <Page title={t('frame.chooseApp')} about={t('frame.chooseAppAbout')}>
      <Loaded query={apps} lines={1}>
        {() => <AppSwitch />}
      </Loaded>
    </Page>
  )
}
