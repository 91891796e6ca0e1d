import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from './failure.tsx'

interface Props<T> {
  query: UseQueryResult<T>
  /** How many lines the skeleton has. */
  lines?: number
  children: (data: T) => ReactNode
}

/** A skeleton, then the data; in between the failure. What is known already stays below a failure of a later try. */
export function Loaded<T>({ query, lines = 5, children }: Props<T>) {
  const { data, error, isFetching, refetch } = query
  if (data === undefined && error && !isFetching) return <Failure error={error} retry={refetch} />
  if (data === undefined) return <Waiting lines={lines} />
  return (
    <>
      {error && <Failure error={error} retry={refetch} />}
      {children(data)}
    </>
  )
}

export function Waiting({ lines = 5 }: { lines?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs" aria-busy="true">
      <VisuallyHidden role="status">{t('parts.loading')}</VisuallyHidden>
      {widths.slice(0, lines).map(width => (
        <Skeleton key={width} height={28} width={width} />
      ))}
    </Stack>
  )
}

/** Each once, so that none of them is taken for another. */
const widths = ['100%', '92%', '84%', '99%', '91%', '83%', '98%', '90%']
