import { Alert } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'

export function Offline() {
  const { t } = useTranslation()
  const { online } = useNetwork()
  return (
    <div role="status">
      {!online && (
        <Alert color="yellow" mb="md" icon={<Icon name="offline" />} title={t('frame.offline')}>
          {t('frame.offlineAbout')}
        </Alert>
      )}
    </div>
  )
}
