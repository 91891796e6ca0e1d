import { Badge, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../session/call.ts'

interface Found {
  isIntact: boolean
  checked: number
  brokenAt: number
}

/** Goes along the whole chain, page by page, and says whether anything is missing or was changed. */
export function Verdict() {
  const { t } = useTranslation()
  const [found, setFound] = useState<Found>()
  const { tell, isPending } = useAct(
    async client => {
      let after = 0
      let checked = 0
      for (;;) {
        const page = await client.audit.verifyAudit({ after })
        checked += page.checked
        if (!page.intact || !page.more) return setFound({ isIntact: page.intact, checked, brokenAt: page.broken_at })
        after = page.through
      }
    },
    { changes: [] },
  )
  return (
    <>
      <span role="status">
        {found && (
          <Badge color={found.isIntact ? 'teal' : 'red'} size="lg">
            {found.isIntact ? t('trail.intact', { count: found.checked }) : t('trail.broken', { seq: found.brokenAt })}
          </Badge>
        )}
      </span>
      <Button size="xs" variant="default" loading={isPending} onClick={() => tell(undefined)}>
        {t('trail.verify')}
      </Button>
    </>
  )
}
