// A text in a row of a table: two lines of it; on hover the rest.
import { Text } from '@mantine/core'
import { PlainText, visible } from './plain-text.tsx'

/** Characters that two lines and a hover have room for. */
const IN_ROW = 400
const ON_HOVER = 2000

export const TwoLines = ({ text }: { text: string }) => (
  <Text inherit lineClamp={2} title={visible(text.slice(0, ON_HOVER))} style={{ whiteSpace: 'normal' }}>
    <PlainText text={text.slice(0, IN_ROW)} />
  </Text>
)
