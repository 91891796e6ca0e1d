import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Words } from './en/index.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words }
  }
}

/** Each language is a file of its own: only the one that is spoken is loaded. */
const load: Record<Language, () => Promise<{ words: object }>> = {
  en: () => import('./en/index.ts'),
  zh: () => import('./zh/index.ts'),
}

const kept = 'stonechat-language'

/** That which was chosen before, else the browser's. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(kept)
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.language.startsWith('zh') ? 'zh' : 'en'
}

export async function startWords(language: Language = preferredLanguage()) {
  const { words } = await load[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: words } },
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = language
}

export async function speak(language: Language) {
  const { words } = await load[language]()
  i18next.addResourceBundle(language, 'translation', words)
  await i18next.changeLanguage(language)
  localStorage.setItem(kept, language)
  document.documentElement.lang = language
}
