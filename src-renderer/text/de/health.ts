import { counted } from '../counted.ts';
import type { healthText as english } from '../en/health.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatSpan } from '../format.ts';

const offBy = (seconds: number | undefined): string => (seconds === undefined ? '' : ` um ${formatDuration(Math.abs(seconds) * 1_000)}`);

export const healthText: typeof english = {
  verdict: { good: 'Alles gut', attention: 'Braucht Aufmerksamkeit', bad: 'Arbeitet nicht', unknown: 'Unbekannt' },
  unknownMeans: 'Dieses Fenster hört den Knoten nicht.',
  goodVoting: 'Dieser Knoten ist auf dem Stand und stimmt ab.',
  goodFollowing: 'Dieser Knoten ist auf dem Stand des Netzes.',
  alerts: {
    halted: ({ height, blocks, faulty }) => ({
      what:
        blocks.length === 0
          ? `Dieser Knoten folgt der Kette nicht mehr: ein Quorum hat Block ${formatCount(height)} bestätigt, der gegen die Regeln ist, wie diese Version sie kennt.`
          : `Dieser Knoten folgt der Kette nicht mehr: zwei verschiedene Blöcke ${formatCount(height)} sind bestätigt${faulty === 0 ? '' : `, und ${counted(faulty, 'Masternode hat', 'Masternodes haben')} beide unterschrieben`}.`,
      next:
        blocks.length === 0
          ? 'Er stimmt nicht mehr ab, und seine Guthaben stehen still, damit nichts schlimmer wird. Suchen Sie eine neuere Version, und fragen Sie andere Betreiber.'
          : 'Er stimmt nicht mehr ab, und seine Guthaben stehen still, damit nichts schlimmer wird. Einigen Sie sich mit anderen Betreibern, welcher die Kette ist, und markieren Sie den anderen: getforkinfo nennt beide, invalidateblock markiert einen.',
    }),
    'after-revert': ({ height, epoch }) => ({
      what: 'Dieser Knoten hat Blöcke abgenommen, wie sein Betreiber es gesagt hat.',
      next: `Er folgt der Kette, die bleibt, und unterschreibt nichts bis einschließlich Höhe ${formatCount(height)} und Epoche ${formatCount(epoch)}, damit er nie dem widerspricht, was er vorher unterschrieben hat.`,
    }),
    'own-key-elsewhere': () => ({
      what: 'Ein anderer Knoten läuft mit dem Schlüssel dieses Masternodes.',
      next: 'Dieser unterschreibt nichts, damit die beiden sich nie widersprechen. Halten Sie einen an; wenn es der andere ist, starten Sie diesen neu.',
    }),
    'restored-old-copy': () => ({
      what: 'Dieser Masternode hat Stimmen unterschrieben, die in seinen Aufzeichnungen fehlen: sie stammen aus einer alten Kopie.',
      next: 'Er unterschreibt nichts, bis die nächste Epoche beginnt, und macht dann von selbst weiter. Der Kette folgt er inzwischen.',
    }),
    'disk-full': ({ freebytes }) => ({
      what: `Der Datenträger ist voll: ${formatBytes(freebytes)} sind frei.`,
      next: 'Schaffen Sie Platz, wo die Daten des Knotens liegen. Ein Knoten, der nicht speichern kann, hält an.',
    }),
    'disk-hangs': ({ seconds, waitingbytes }) => ({
      what: `Der Datenträger antwortet nicht: ${formatBytes(waitingbytes)} warten seit ${formatSpan(seconds * 1_000)} darauf, gespeichert zu werden.`,
      next: 'Bis dahin wird nichts entschieden und nichts gesendet. Prüfen Sie den Datenträger, sein Kabel oder das Netz, an dem er hängt. Kommt er nicht zurück, starten Sie diesen Rechner neu: was gesendet wurde, geht nicht verloren.',
    }),
    'database-damaged': ({ file, problem, canrepair }) =>
      file === 'wallet'
        ? {
            what: `Die Datei der Wallet ist beschädigt: ${problem}.`,
            next: 'Prüfen Sie den Datenträger. Das Geld ist sicher, denn seine Schlüssel kommen aus den Wörtern. Halten Sie den Knoten an, nehmen Sie wallet.sqlite weg und starten Sie ihn wieder; Beschriftungen kommen mit einer Sicherung zurück.',
          }
        : {
            what: `Die Datenbank des Knotens ist beschädigt: ${problem}.`,
            next: canrepair
              ? 'Prüfen Sie den Datenträger, und lassen Sie sie dann reparieren. Die Wallet bleibt unberührt.'
              : 'Prüfen Sie den Datenträger. Halten Sie den Knoten dann an und starten Sie ihn einmal mit --repair: die Datei wird beiseitegelegt und die Kette neu geholt. Die Wallet bleibt unberührt.',
          },
    'no-peers': ({ keyelsewhere }) => ({
      what: keyelsewhere
        ? 'Kein anderer Knoten ist verbunden: sie sind es mit einem, der mit dem Schlüssel dieses Knotens läuft.'
        : 'Kein anderer Knoten ist verbunden.',
      next: keyelsewhere
        ? 'Halten Sie den anderen an, oder lassen Sie diesen ruhen. Ist der andere angehalten, so ist dieser nach Minuten verbunden.'
        : 'Prüfen Sie Internetverbindung und Firewall dieses Rechners. Der Knoten versucht es von selbst weiter.',
    }),
    'below-quorum': () => ({
      what: 'Es sind zu wenige Masternodes verbunden, um etwas zu entscheiden.',
      next: 'Zahlungen warten, und es entsteht kein Block, bis zwei Drittel des Stimmgewichts verbunden sind. Verloren geht nichts.',
    }),
    'no-block': ({ seconds }) => ({
      what: `Seit ${formatSpan(seconds * 1_000)} ist kein Block gekommen.`,
      next: 'Entweder entscheidet das Netz nichts mehr, oder dieser Knoten hört es nicht. Sehen Sie zuerst unter Peers nach, dann unter Konsens.',
    }),
    'clock-stopped': ({ timeoffset }) => ({
      what: `Die Uhr dieses Rechners geht${offBy(timeoffset)} falsch, zu weit von den Masternodes entfernt, als dass dieser Knoten Blöcke vorschlägt.`,
      next: 'Stellen Sie die Uhr in den Systemeinstellungen, möglichst automatisch. Er macht dann von selbst weiter.',
    }),
    'masternode-inactive': ({ reviving }) => ({
      what: 'Dieser Masternode ist inaktiv: er hat zu wenige Blöcke unterschrieben.',
      next: reviving
        ? 'Er hat sich zurückgemeldet und zählt ab der nächsten Epoche wieder. Lassen Sie diesen Rechner bis dahin wach und verbunden.'
        : 'Er meldet sich von selbst zurück, sobald er auf dem Stand ist. Lassen Sie diesen Rechner wach und verbunden.',
    }),
    'participation-low': ({ percent, needed }) => ({
      what:
        percent < needed
          ? `Dieser Masternode hat ${formatPercent(percent)} der letzten Blöcke unterschrieben; seine Stufe wird ab ${formatPercent(needed)} bezahlt.`
          : `Dieser Masternode verpasst Abstimmungen: er hat ${formatPercent(percent)} der letzten Blöcke unterschrieben, und seine Stufe wird ab ${formatPercent(needed)} bezahlt.`,
      next: 'Lassen Sie diesen Rechner wach und verbunden. Unter Peers steht, wer verbunden ist, unter Konsens, welche Stimmen spät kommen.',
    }),
    unreachable: ({ address }) => ({
      what: `Andere können sich nicht mit diesem Masternode verbinden${address === '' ? '' : `: ${address}`}.`,
      next: 'Öffnen Sie seinen Port in Firewall und Router: Peers, Netzwerk sagt, welchen. Bis dahin hängt er von den Peers ab, die er selbst anwählt.',
    }),
    'clock-off': ({ timeoffset }) => ({
      what: `Die Uhr dieses Rechners weicht${offBy(timeoffset)} von denen der Masternodes ab.`,
      next: 'Schalten Sie in den Systemeinstellungen die automatische Uhrzeit ein. Ab fünfzehn Sekunden schlägt dieser Knoten keine Blöcke mehr vor.',
    }),
    behind: ({ blocks }) => ({
      what: `Der Knoten holt das Netz ein: noch ${counted(blocks, 'Block', 'Blöcke')}.`,
      next: 'Guthaben und Zahlungen sind dann vollständig. Von Ihnen braucht er nichts.',
    }),
    'disk-low': ({ freebytes }) => ({
      what: `Der Datenträger ist fast voll: ${formatBytes(freebytes)} sind frei.`,
      next: 'Schaffen Sie Platz, wo die Daten des Knotens liegen, bevor er voll ist.',
    }),
    'disk-slow': ({ seconds, waitingbytes }) => ({
      what: `Der Datenträger ist langsam: ${formatBytes(waitingbytes)} warten seit ${formatSpan(seconds * 1_000)} darauf, gespeichert zu werden.`,
      next: 'Stimmen werden gespeichert, bevor sie gesendet werden, und gehen darum spät hinaus. Schließen Sie, was ihn sonst benutzt, oder nehmen Sie einen schnelleren.',
    }),
    listening: () => ({
      what: 'Dieser Masternode horcht, ob ein anderer seinen Schlüssel benutzt, bevor er abstimmt.',
      next: 'Das dauert nach jedem Start zwei Minuten und braucht einen verbundenen Peer. Von Ihnen braucht es nichts.',
    }),
    'not-launched': () => ({
      what: 'Dieses Netz ist noch nicht gestartet.',
      next: 'Es hat noch keine Masternodes, also kann nichts entschieden werden. Es startet mit einer späteren Version dieses Programms: Installieren Sie diese, sobald es sie gibt.',
    }),
    starting: () => ({ what: 'Der Knoten startet.', next: 'Er sucht seine Peers. Das dauert einige Sekunden.' }),
    'update-available': ({ version, peers, of }) => ({
      what: `${formatCount(peers)} von ${counted(of, 'Peer läuft', 'Peers laufen')} mit Version ${version} oder einer späteren.`,
      next: 'Die dieses Knotens ist älter. Sehen Sie dort nach einer neuen, wo Sie diese herhaben; dieses Programm holt nie von selbst eine.',
    }),
    woken: ({ seconds }) => ({
      what: `Dieser Rechner hat ${formatSpan(seconds * 1_000)} geschlafen.`,
      next: 'Der Knoten ist wieder verbunden und auf dem Stand.',
    }),
  },
  severities: { critical: 'Kritisch', warning: 'Warnung', notice: 'Hinweis', info: 'Zur Kenntnis' },
  list: 'Meldungen',
  open: (count) => counted(count, 'Meldung', 'Meldungen'),
  none: { what: 'Nichts braucht Ihre Aufmerksamkeit.', next: 'Was sie braucht, steht hier, mit dem, was zu tun ist.' },
  since: 'gemeldet',
  over: (what) => `Vorbei: ${what}`,
  dismiss: 'Schließen',
  actions: { peers: 'Peers öffnen', network: 'Peers, Netzwerk öffnen', consensus: 'Konsens öffnen', console: 'Konsole öffnen' },
  repair: {
    open: 'Reparieren…',
    means:
      'Der Knoten startet neu und sieht die ganze Datei durch, was Minuten dauern kann. Ist sie beschädigt, wird sie beiseitegelegt und die Kette neu von Peers geholt. Ein Masternode unterschreibt nichts, bis die nächste Epoche beginnt.',
    now: 'Jetzt reparieren',
    cancel: 'Nicht jetzt',
    begun: 'Der Knoten startet neu. Diese Seite geht von selbst weiter.',
  },
};
