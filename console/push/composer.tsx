import { Button, Card, Group, Stepper } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../parts/page.tsx'
import { AudienceStep } from './audience-step.tsx'
import { type Draft, emptyDraft, flawOf, isSendable } from './draft.ts'
import { MessageStep } from './message-step.tsx'
import { ReviewStep } from './review-step.tsx'
import { TimeStep } from './time-step.tsx'

const route = getRouteApi('/push/new')

const steps = ['audience', 'message', 'time', 'review'] as const
const contents = { audience: AudienceStep, message: MessageStep, time: TimeStep, review: ReviewStep }

export interface StepProps {
  draft: Draft
  set: (changes: Partial<Draft>) => void
}

/** To whom, what, when, and a last look. */
export function Composer() {
  const { t } = useTranslation()
  const { user } = route.useSearch()
  const [draft, setDraft] = useState(() => emptyDraft(user))
  const [place, setPlace] = useState(0)
  const set = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes })
  const step = steps[place] ?? 'audience'
  const Shown = contents[step]
  const mayGoOn = {
    audience: flawOf(draft) === undefined,
    message: isSendable(draft),
    time: isInOrder(draft),
    review: false,
  }
  const reached = steps.findIndex(each => !mayGoOn[each])

  return (
    <Page title={t('frame.places.composer')} about={t('composer.about')}>
      <Stepper size="xs" active={place} onStepClick={setPlace} wrap aria-label={t('composer.steps')}>
        {steps.map((each, index) => (
          <Stepper.Step
            key={each}
            label={t(`composer.${each}`)}
            allowStepSelect={index <= reached}
            {...(index > reached && { disabled: true })}
            {...(index === place && { 'aria-current': 'step' as const })}
          />
        ))}
      </Stepper>
      <Card>
        <Shown draft={draft} set={set} />
      </Card>
      <Group justify="space-between">
        <Button variant="default" disabled={place === 0} onClick={() => setPlace(place - 1)}>
          {t('composer.back')}
        </Button>
        {step !== 'review' && (
          <Button disabled={!mayGoOn[step]} onClick={() => setPlace(place + 1)}>
            {t('composer.goOn')}
          </Button>
        )}
      </Group>
    </Page>
  )
}

const isInOrder = ({ begin, end }: Draft) => begin === '' || end === '' || begin < end
