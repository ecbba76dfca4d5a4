// Self-instruct's seed tasks: an `instruction` with `instances` of input and output, of which the first is taken.
import {
  type DemonstrationFormat,
  field,
  kindOf,
  oneTurn,
  optionalTextAt,
  textAt,
  withContext,
} from './format.ts'

export const selfInstruct: DemonstrationFormat = {
  name: 'self-instruct',
  title: 'Self-instruct tasks, the first instance of each',
  recognises: row => field(row, 'instruction') !== undefined && field(row, 'instances') !== undefined,
  read(row) {
    const instruction = textAt(row, 'instruction')
    if ('rejected' in instruction) return instruction
    const instances = field(row, 'instances')
    if (!Array.isArray(instances)) return { rejected: `"instances" is ${kindOf(instances)}, not a list` }
    if (instances.length === 0) return { rejected: '"instances" is empty: there is no response' }
    const input = optionalTextAt(instances[0], 'input')
    if ('rejected' in input) return input
    const output = textAt(instances[0], 'output')
    if ('rejected' in output) return output
    return oneTurn('', withContext(instruction.text, input.text), output.text)
  },
}
