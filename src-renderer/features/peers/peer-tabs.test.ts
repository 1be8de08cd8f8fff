import { expect, test } from 'vitest';
import { hrefOf, parameterOf } from '../../routes.ts';
import { peerTabOf, peerTabs } from './peer-tabs.ts';

test.each(peerTabs)('%s is found again in its address', (tab) => expect(peerTabOf(parameterOf(hrefOf('peers', { show: tab }), 'show'))).toBe(tab));

test.each(['#/peers', '#/peers?', '#/peers?show=', '#/peers?show=nothing', '#/peers?other=banned'])('%s shows who is connected', (hash) =>
  expect(peerTabOf(parameterOf(hash, 'show'))).toBe('connected'),
);
