import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** A dialog, open for as long as it is mounted. When it goes, the keyboard is again where it was. */
export function Dialog(props: Omit<ModalProps, 'opened' | 'returnFocus'>) {
  const { t } = useTranslation()
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // What had the focus is there again when the dialog is not: so not within the same turn.
      if (before instanceof HTMLElement) setTimeout(() => before.isConnected && before.focus({ preventScroll: true }))
    },
    [before],
  )
  return <Modal opened returnFocus={false} closeButtonProps={{ 'aria-label': t('parts.close') }} {...props} />
}
