// The look: one calm surface, one accent per phase, tabular figures. Everything visual that is shared stands here.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Mantine's own yellow is too light for text; this amber reaches AA from shade 7 (light) and shade 3 (dark). */
const amber: MantineColorsTuple = [
  '#fffaeb',
  '#fdf0c8',
  '#f9df8f',
  '#f4c857',
  '#e8ab2a',
  '#d08f12',
  '#b3740b',
  '#94590b',
  '#784710',
  '#633b12',
]

/** Cool greys, so that the accents stay the only colours. */
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d3d8df',
  '#b9c0ca',
  '#959ea9',
  '#68717d',
  '#4b535e',
  '#343a43',
  '#1f242b',
]
const dark: MantineColorsTuple = [
  '#d5dae1',
  '#aab2bd',
  '#8b94a0',
  '#5d6672',
  '#3a424d',
  '#2c333c',
  '#20262e',
  '#181d23',
  '#12161b',
  '#0c0f13',
]

export const theme = createTheme({
  colors: { amber, gray, dark },
  primaryColor: 'indigo',
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: 4,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.72rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '1.75rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.35' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs', hideControls: true } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false, checkIconPosition: 'right' } },
    Textarea: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { multiline: true, maw: 320, openDelay: 250, withArrow: true, fz: 'xs' } },
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: 'sm', fz: 'sm' } },
  },
})

/** Colours that Mantine has no name for. Used in CSS as `var(--lab-…)`. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5d6671',
    // Teal words on a teal tint: Mantine's own shade stays just below AA.
    '--mantine-color-teal-light-color': '#066649',
    '--lab-canvas': gray[0],
    '--lab-surface': '#ffffff',
    '--lab-line': gray[2],
    '--lab-line-strong': gray[3],
    '--lab-grid': gray[1],
    '--lab-phase-pretrain': colors.indigo[7],
    '--lab-phase-sft': colors.teal[9],
    '--lab-phase-reward': amber[7],
    '--lab-phase-ppo': colors.violet[8],
    '--lab-good': colors.teal[9],
    '--lab-bad': colors.red[9],
    '--lab-warn': amber[7],
  },
  dark: {
    '--mantine-color-body': dark[8],
    '--mantine-color-dimmed': dark[1],
    '--lab-canvas': dark[8],
    '--lab-surface': dark[7],
    '--lab-line': dark[5],
    '--lab-line-strong': dark[4],
    '--lab-grid': dark[6],
    '--lab-phase-pretrain': colors.indigo[3],
    '--lab-phase-sft': colors.teal[4],
    '--lab-phase-reward': amber[3],
    '--lab-phase-ppo': colors.violet[3],
    '--lab-good': colors.teal[4],
    '--lab-bad': colors.red[4],
    '--lab-warn': amber[3],
  },
})
