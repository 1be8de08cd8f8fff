import { expect, test } from '@playwright/test';
import { Keyboard } from './fixtures/hands.ts';

// What the stories are told with: it has to notice what is wrong with a window.
test('hands without a mouse notice what cannot be reached, a focus that cannot be seen, and one that is lost', async ({ page }) => {
  await page.setContent(`
    <style>#unseen:focus { outline: none }</style>
    <button onclick="this.remove()">Vanish</button>
    <button id="unseen">Unseen</button>
    <button onclick="this.textContent = 'Pressed'">Press</button>
    <input type="checkbox" id="tick" style="opacity: 0"><label for="tick">Tick</label>
    <fieldset><label><input type="radio" name="one">First</label><label><input type="radio" name="one">Second</label></fieldset>
    <select aria-label="Some"><option>None</option><option>Few</option><option>Many</option></select>
    <label>Name <input></label>
    <div data-testid="deaf" onclick="this.textContent = 'Heard'">Click</div>`);
  const complaints: string[] = [];
  const person = new Keyboard(page, complaints);

  await person.press(page.getByText('Press'));
  await expect(page.getByText('Pressed')).toBeFocused();
  expect(complaints.splice(0)).toEqual(['it cannot be seen that <button > "Unseen" has the focus']);
  await person.press(page.getByText('Second'));
  await expect(page.getByLabel('Second')).toBeChecked();
  expect(complaints.splice(0)).toEqual(['it cannot be seen that <input > "Tick" has the focus']);
  await person.choose(page.getByRole('combobox'), 'Many');
  await expect(page.getByRole('combobox')).toHaveValue('Many');
  await person.write(page.getByLabel('Name'), 'Nobody');
  await expect(page.getByLabel('Name')).toHaveValue('Nobody');
  expect(complaints).toEqual([]);
  await person.press(page.getByText('Tick'));
  await expect(page.getByLabel('Tick')).toBeChecked();
  await person.press(page.getByText('Vanish'));
  await expect(page.getByText('Vanish')).toBeHidden();
  await person.press(page.getByText('Pressed'));
  expect(complaints).toContain('nothing has the focus after <button > "Vanish"');
  await expect(person.press(page.getByTestId('deaf'))).rejects.toThrow('Tab does not lead to <div deaf> "Click"');
});
