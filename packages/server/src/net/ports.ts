/** Whether HTTP is expected there: 80, 443, and from 1024 all but the ports of other protocols. */
export function isWebPort(port: number): boolean {
  if (port < 1024) return port === 80 || port === 443;
  return port <= 65_535 && !OTHER_PROTOCOLS.has(port);
}

/**
 * The bad ports of the fetch standard, and where databases, queues, remote shells and the control
 * of machines listen. None lies in 32768-60999, from which systems hand out ports to servers that
 * ask for any.
 */
const PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
  ajp: [8009],
  amanda: [10_080],
  amqp: [5671, 5672, 61_616],
  cassandra: [9042, 9160],
  cockroachdb: [26_257],
  couchdb: [5984],
  docker: [2375, 2376],
  elasticsearch: [9200, 9300],
  erlang: [4369],
  etcd: [2379, 2380],
  git: [9418],
  h323: [1719, 1720],
  irc: [6665, 6666, 6667, 6668, 6669, 6679, 6697],
  iscsi: [3260],
  kafka: [9092],
  kubernetes: [6443, 10_250, 10_255],
  managesieve: [4190],
  mdns: [5353],
  memcached: [11_211],
  mongodb: [27_017, 27_018, 27_019],
  mqtt: [1883, 8883],
  mysql: [3306],
  nats: [4222],
  neo4j: [7687],
  nfs: [2049, 4045],
  openvpn: [1194],
  oracle: [1521],
  postgresql: [5432],
  pptp: [1723],
  printers: [9100],
  rdp: [3389],
  redis: [6379],
  rethinkdb: [28_015],
  rtmp: [1935],
  sane: [6566],
  sasl: [3659],
  sip: [5060, 5061],
  socks: [1080],
  sqlserver: [1433, 1434],
  squid: [3128],
  stun: [3478],
  subversion: [3690],
  syslog: [6514],
  vnc: [5900, 5901],
  winrm: [5985, 5986],
  x11: [6000],
  xmpp: [5222, 5269],
  zookeeper: [2181],
};

const OTHER_PROTOCOLS = new Set(Object.values(PROTOCOLS).flat());
