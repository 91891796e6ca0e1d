import { PasswordInput, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { providers } from './providers.ts'

interface Props {
  provider: string
  values: Record<string, string>
  change: (values: Record<string, string>) => void
  /** Those that are stored: what is left empty stays. */
  isRotation?: boolean
}

export function Credentials({ provider, values, change, isRotation = false }: Props) {
  const { t } = useTranslation()
  return (providers[provider] ?? []).map(({ name, isSecret, isOptional, isLong }) => {
    const field = {
      label: <span className="mono">{name}</span>,
      'aria-label': name,
      required: !isOptional && !isRotation,
      ...(isRotation && { placeholder: t('notifiers.unchanged') }),
      value: values[name] ?? '',
      onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
        change({ ...values, [name]: currentTarget.value }),
    }
    if (isLong) return <Textarea key={name} {...field} minRows={3} maxRows={8} spellCheck={false} className="mono" />
    if (isSecret)
      return (
        <PasswordInput
          key={name}
          {...field}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('notifiers.showSecret', { name }) }}
        />
      )
    return <TextInput key={name} {...field} spellCheck={false} />
  })
}
