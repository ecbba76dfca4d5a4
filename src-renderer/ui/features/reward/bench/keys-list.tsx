// What the keys of the bench do.
import { Kbd, Modal, Table } from '@mantine/core'
import { benchKeys } from './bench-keys.ts'

export function KeysList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      // The bench hears Escape first, and closes this alone.
      closeOnEscape={false}
      title="Keys of the bench"
      size={560}
      zIndex={320}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Table>
        <Table.Tbody>
          {benchKeys.map(({ keys, does }) => (
            <Table.Tr key={keys}>
              <Table.Td w={130}>
                <Kbd>{keys}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
