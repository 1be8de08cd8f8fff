import type { clientErrors as englishErrors, nodeTroubles as englishNodeTroubles, recipientErrors as englishRecipientErrors } from '../en/errors.ts';

const otherVersion = 'Die beiden sind verschiedene Versionen. Laden Sie das Fenster neu.';
const nothingToDo = 'Es ist nichts zu tun.';

export const clientErrors: typeof englishErrors = {
  disconnected: {
    what: 'Der Knoten ist nicht zu erreichen.',
    next: 'Wenn er nicht lief, ist nichts geschehen. Sehen Sie im Verlauf nach, bevor Sie es noch einmal versuchen.',
  },
  'no-answer': {
    what: 'Der Knoten hat nicht rechtzeitig geantwortet.',
    next: 'Es kann trotzdem geschehen sein: sehen Sie im Verlauf nach, bevor Sie es noch einmal versuchen.',
  },
  'not-understood': { what: 'Die Antwort des Knotens kennt dieses Fenster nicht.', next: otherVersion },
  'parse-error': { what: 'Der Knoten konnte die Anfrage nicht lesen.', next: otherVersion },
  'invalid-request': { what: 'Der Knoten konnte die Anfrage nicht lesen.', next: otherVersion },
  'method-not-found': { what: 'Dieser Knoten kann das nicht.', next: 'Das Fenster ist neuer als der Knoten. Starten Sie den Knoten neu.' },
  'invalid-params': { what: 'Der Knoten nimmt diese Angaben nicht an.', next: 'Prüfen Sie sie, und versuchen Sie es noch einmal.' },
  internal: { what: 'Im Knoten ist etwas schiefgegangen.', next: 'Sein Protokoll sagt, was. Gesendet wurde nichts, es sei denn, der Verlauf zeigt es.' },
  'misc-error': { what: 'Der Knoten konnte es nicht tun.', next: 'Sein Protokoll sagt, warum.' },
  'wallet-error': { what: 'Die Wallet konnte es nicht tun.', next: 'Das Protokoll des Knotens sagt, warum.' },
  'invalid-address': { what: 'Die Adresse gilt hier nicht.', next: 'Bitten Sie den Empfänger noch einmal darum.' },
  'not-found': { what: 'Der Knoten kennt es nicht.', next: 'Vielleicht ist es noch nicht angekommen.' },
  'insufficient-funds': {
    what: 'Das Verfügbare reicht nicht für Betrag und Gebühr.',
    next: 'Senden Sie weniger, oder warten Sie auf Münzen, die unterwegs sind.',
  },
  'invalid-parameter': { what: 'Dieser Betrag kann nicht gesendet werden.', next: 'Ein Ausgang muss mindestens 0,00000546 TIME haben.' },
  'wallet-passphrase-incorrect': { what: 'Die Passphrase ist falsch.', next: 'Es ist nichts geschehen. Geben Sie sie noch einmal ein.' },
  'wallet-locked': { what: 'Die Wallet ist gesperrt.', next: 'Entsperren Sie sie mit ihrer Passphrase.' },
  'wallet-passphrase-delayed': {
    what: 'Es wurden zu viele falsche Passphrasen versucht.',
    next: 'Warten Sie die angezeigte Zeit ab, und versuchen Sie es dann noch einmal.',
  },
  'wallet-not-found': {
    what: 'Dieser Knoten hat keine Wallet.',
    next: 'Legen Sie eine an, oder stellen Sie eine aus ihren Wörtern oder einer Sicherung wieder her.',
  },
  'wallet-already-exists': { what: 'Es gibt schon eine Wallet.', next: 'Sie bleibt, wie sie ist.' },
  'invalid-words': { what: 'Das sind nicht die Wörter einer Wallet.', next: 'Vergleichen Sie sie mit dem, was Sie aufgeschrieben haben.' },
  'invalid-backup': {
    what: 'Das ist keine Sicherung einer Wallet, oder sie ist beschädigt.',
    next: 'Versuchen Sie eine andere Kopie, oder stellen Sie aus den Wörtern wieder her.',
  },
  'deserialization-error': { what: 'Die Bytes der Transaktion sind nicht lesbar.', next: 'Es wurde nichts gesendet.' },
  'max-fee-exceeded': {
    what: 'Die Gebühr ist jetzt höher als bei Ihrer Prüfung.',
    next: 'Es wurde nichts gesendet. Gehen Sie zurück, und prüfen Sie noch einmal.',
  },
  'node-already-added': { what: 'Er steht schon auf der Liste.', next: nothingToDo },
  'node-not-added': { what: 'Er steht nicht auf der Liste.', next: nothingToDo },
  'transaction-rejected': { what: 'Der Knoten hat die Zahlung abgelehnt.', next: 'Es wurde nichts gesendet, und die Münzen gehören weiter Ihnen.' },
  'transaction-already-settled': { what: 'Diese Zahlung ist schon abgeschlossen.', next: 'Sie steht im Verlauf.' },
  'in-warmup': { what: 'Der Knoten startet noch.', next: 'Versuchen Sie es in einigen Sekunden noch einmal.' },
  'node-not-connected': { what: 'Dieser Peer ist nicht verbunden.', next: nothingToDo },
  'invalid-subnet': {
    what: 'Das ist keine IP, kein Netz und kein Schlüssel, der gesperrt werden kann, oder es ist nicht gesperrt.',
    next: 'Sehen Sie in der Liste der Sperren nach.',
  },
  'confirmation-needed': { what: 'Mehr als hundert Blöcke würden abgenommen.', next: 'Setzen Sie confirm auf true, wenn das gemeint ist.' },
  'too-many-blocks': {
    what: 'Mehr als tausend Blöcke würden abgenommen.',
    next: 'Das geschieht nie: dann einigen sich die Betreiber auf einen neuen Anfang.',
  },
  'no-undo-data': {
    what: 'Was diese Blöcke abnimmt, ist nicht gespeichert.',
    next: 'Eine ältere Version hat sie gespeichert. Lassen Sie die Kette neu holen, von Knoten, die dem anderen Zweig folgen.',
  },
  reverting: { what: 'Gerade werden Blöcke abgenommen.', next: 'Warten Sie, bis das fertig ist.' },
  'not-confirmed': { what: 'Es ist noch in keinem Block.', next: 'Versuchen Sie es nach dem nächsten Block noch einmal.' },
};

export const nodeTroubles: typeof englishNodeTroubles = {
  'too-many-queries': { what: 'Zu viele Fragen warten auf eine Antwort des Knotens.', next: 'Versuchen Sie es gleich noch einmal.' },
  'disk-full': {
    what: 'Der Datenträger des Knotens ist voll.',
    next: 'Schaffen Sie Platz, und versuchen Sie es noch einmal. Was gesendet wurde, ist nicht verloren.',
  },
  'disk-failure': {
    what: 'Der Datenträger des Knotens oder sein Dateisystem meldet einen Fehler.',
    next: 'Prüfen Sie den Datenträger. Was gesendet wurde, ist nicht verloren.',
  },
  'data-directory-unusable': { what: 'Der Knoten darf eine seiner Dateien nicht schreiben.', next: 'Sein Protokoll nennt sie.' },
  'storage-stopped': { what: 'Der Knoten wird beendet.', next: 'Versuchen Sie es nach seinem nächsten Start noch einmal.' },
  'worker-died': { what: 'Ein Teil des Knotens ist unerwartet ausgefallen.', next: 'Starten Sie den Knoten neu. Was gesendet wurde, ist nicht verloren.' },
};

export const recipientErrors: typeof englishRecipientErrors = {
  slashes: 'Ein Zahlungslink hat keine Schrägstriche: auf timecoin: folgt gleich die Adresse. Nehmen Sie die beiden heraus.',
  prefix: 'Eine Adresse beginnt mit TIME in Großbuchstaben.',
  network: 'Diese Adresse ist für ein anderes Netz.',
  alphabet: 'Ein Zeichen kommt in keiner Adresse vor (0, O, I, l und Sonderzeichen gibt es darin nicht).',
  length: 'Die Adresse ist zu kurz oder zu lang: ein Teil fehlt oder ist doppelt.',
  checksum: 'Ein Zeichen ist falsch: die Prüfsumme stimmt nicht.',
  scheme: 'Ein Zahlungslink beginnt mit timecoin:',
  'parameter-unknown': 'Der Link verlangt etwas, das diese Version nicht kennt, und wird darum nicht verwendet.',
  'parameter-repeated': 'Der Link sagt etwas zweimal, und wird darum nicht verwendet.',
  amount: 'Der Betrag des Links ist keine Zahl von TIME.',
  label: 'Die Bezeichnung des Links kann nicht angezeigt werden.',
};
