import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The colour of the console: deep water. The ninth shade carries white text at 6:1. */
const tide: MantineColorsTuple = [
  '#e8f6f6',
  '#d3eaeb',
  '#a9d5d7',
  '#7cc0c3',
  '#56adb1',
  '#3b9ea3',
  '#22888d',
  '#127a80',
  '#0b6a6f',
  '#07575b',
]

/** Dark greys with a little of the same water. */
const dark: MantineColorsTuple = [
  '#d3dade',
  '#aab4bb',
  '#828d95',
  '#5d6870',
  '#3a444b',
  '#2d363c',
  '#1b2024',
  '#171b1e',
  '#121518',
  '#0c0e10',
]

export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 8, dark: 8 },
  colors: { tide, dark },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.05rem' } } },
  // Named and not imported, so that a component is loaded where it is used.
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Button: { defaultProps: { size: 'sm' } },
    Card: { defaultProps: { withBorder: true, padding: 'md' } },
    CloseButton: { defaultProps: { variant: 'subtle' } },
    Loader: { defaultProps: { type: 'dots', size: 'sm' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, radius: 'md' } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: 'right' } },
    Table: { defaultProps: { verticalSpacing: 'var(--row-space)', horizontalSpacing: 'sm' } },
    Textarea: { defaultProps: { autosize: true, minRows: 2 } },
    TextInput: { defaultProps: { autoComplete: 'off' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250 } },
  },
})

/** Of text on its own tint, and of outlines: dark enough on light, light enough on dark. */
const inks = {
  light: { red: '#a61b1b', teal: '#0a5c45', yellow: '#734600', orange: '#8a3410', gray: '#495057', blue: '#1a5490' },
  dark: { red: '#ffb3ad', teal: '#7fe0c3', yellow: '#ffd97a', orange: '#ffc09f', gray: '#c4cbd0', blue: '#a5d0ff' },
}

const inkOf = (scheme: 'light' | 'dark', tide: string) =>
  Object.fromEntries(
    Object.entries({ ...inks[scheme], tide }).flatMap(([color, ink]) => [
      [`--mantine-color-${color}-light-color`, ink],
      [`--mantine-color-${color}-outline`, ink],
    ]),
  )

/** Mantine's own greys for quiet text have too little contrast for WCAG AA. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...inkOf('light', '#07575b'),
    '--mantine-color-dimmed': '#55606a',
    '--mantine-color-placeholder': '#66707a',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0b6a6f',
    '--ground': '#f6f8f8',
    '--line': '#dde3e4',
  },
  dark: {
    ...inkOf('dark', '#a9d5d7'),
    '--mantine-color-dimmed': '#aab4bb',
    '--mantine-color-placeholder': '#98a2aa',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-anchor': '#7cc0c3',
    '--ground': '#121518',
    '--line': '#2d3439',
  },
})
