import { useTranslation } from 'react-i18next'
import { Mark } from '../parts/mark.tsx'
import type { Draft } from './draft.ts'

/** About how a phone shows it. An image is not loaded: its address may be anybody's. */
export function Notification({ draft, scheme }: { draft: Draft; scheme: 'light' | 'dark' }) {
  const { t } = useTranslation()
  return (
    <figure className="notification" data-scheme={scheme} aria-label={t(`composer.previews.${scheme}`)}>
      <Mark size={32} />
      <div>
        <strong>{draft.title || t('composer.noTitle')}</strong>
        <p>{draft.body}</p>
        {draft.type === 'image' && draft.imageUrl && <p className="mono">🖼 {draft.imageUrl}</p>}
      </div>
    </figure>
  )
}
