import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../parts/icon.tsx'
import { languages, speak } from '../words/words.ts'
import { densities, useDensity } from './density.ts'

const schemes = ['light', 'dark', 'auto'] as const
const ownNames = { en: 'English', zh: '中文' }

/** Language, theme and density: of this browser, for every screen. */
export function Preferences() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [density, setDensity] = useDensity()
  const mark = (isChosen: boolean) => (isChosen ? <Icon name="check" size={14} /> : null)

  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={t('frame.preferences')}>
          <ActionIcon size="lg" aria-label={t('frame.preferences')}>
            <Icon name="settings" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('frame.language')}</Menu.Label>
        {languages.map(language => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={mark(i18n.language === language)}
            onClick={() => speak(language)}
          >
            {ownNames[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('frame.theme')}</Menu.Label>
        {schemes.map(scheme => (
          <Menu.Item key={scheme} rightSection={mark(colorScheme === scheme)} onClick={() => setColorScheme(scheme)}>
            {t(`frame.themes.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('frame.density')}</Menu.Label>
        {densities.map(each => (
          <Menu.Item key={each} rightSection={mark(density === each)} onClick={() => setDensity(each)}>
            {t(`frame.densities.${each}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
