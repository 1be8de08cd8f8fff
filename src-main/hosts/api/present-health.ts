import type { Response } from '../../../src-shared/api/contract.ts';
import type { NodeServices } from './node-services.ts';

export function healthOf({ health }: Pick<NodeServices, 'health'>): Response<'gethealth'> {
  const { verdict, alerts } = health.view();
  return { verdict, alerts: [...alerts] };
}
