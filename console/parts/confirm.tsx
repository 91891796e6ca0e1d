import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'

interface Props {
  title: string
  children: ReactNode
  /** On the button that does it. */
  act: string
  color?: string
  /** A word to be typed first, for what cannot be taken back. */
  word?: string
  /** Does it; the dialog closes when it is done, and stays with the reason when it fails. */
  perform: () => Promise<unknown>
  close: () => void
  /** In place of `close` where nothing was done. */
  cancel?: () => void
  /** What is missing before it may be done. */
  isReady?: boolean
}

/** Asks before an act. Mounted while it is open, so that each time begins afresh. */
export function Confirm({
  title,
  children,
  act,
  color = 'red',
  word,
  perform,
  close,
  cancel = close,
  isReady = true,
}: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const mayGo = isReady && (word === undefined || typed.trim() === word)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!mayGo || isBusy) return
    setBusy(true)
    setFailure(undefined)
    try {
      await perform()
      close()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Dialog onClose={cancel} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <div>{children}</div>
          {word !== undefined && (
            <TextInput
              data-autofocus
              label={t('parts.typeToConfirm', { word })}
              value={typed}
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          )}
          {failure !== undefined && <Failure error={failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={cancel}>
              {t('parts.cancel')}
            </Button>
            <Button type="submit" color={color} disabled={!mayGo} loading={isBusy}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
