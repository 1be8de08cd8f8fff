import { Button, Checkbox, Popover } from '@mantine/core';
import { text } from '../../text/text.ts';
import { chooseColumns, useColumnChoice } from './column-choice.ts';
import { isShown, peerColumnIds } from './peer-columns.tsx';

/** Which columns there are: as the window has room for, until a person chooses. */
export function ColumnChooser({ windowWidthPx }: { readonly windowWidthPx: number }) {
  const choice = useColumnChoice((state) => state.choice);
  const shown = peerColumnIds.filter((id) => isShown(id, windowWidthPx, choice));
  return (
    <Popover position="bottom-end" shadow="sm" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" data-testid="columns-open">
          {text.peers.chooseColumns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="column-chooser">
        <Checkbox.Group
          aria-label={text.peers.chooseColumns}
          value={shown}
          onChange={(ids) =>
            chooseColumns(
              peerColumnIds.filter((id) => ids.includes(id)),
              localStorage,
            )
          }
        >
          <div className="column-list">
            {peerColumnIds.map((id) => (
              <Checkbox key={id} value={id} size="xs" label={text.peers.columns[id]} disabled={id === 'address'} />
            ))}
          </div>
        </Checkbox.Group>
        <Button variant="subtle" size="compact-xs" disabled={choice === undefined} onClick={() => chooseColumns(undefined, localStorage)}>
          {text.peers.usualColumns}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
