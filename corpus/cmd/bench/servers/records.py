# A TLS server with a fresh key that holds connections and records. Arguments: MiB, key, certificate.
import datetime, os, random, socket, ssl, sys, threading, time, uuid

mib, key, cert = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
listener = socket.create_server(("127.0.0.1", 0))
held = []


def serve():
    while True:
        connection = context.wrap_socket(listener.accept()[0], server_side=True)
        connection.send(b"hello")
        held.append(connection)


threading.Thread(target=serve, daemon=True).start()
client = ssl.create_default_context()
client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
for _ in range(30):
    connection = client.wrap_socket(socket.create_connection(listener.getsockname()))
    connection.recv(5)
    held.append(connection)

names = "anna ben carla david erik".split()
records = []
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
while len(records) % 1000 or resident() < mib << 20:
    i, name = len(records), random.choice(names)
    records.append({
        "id": i, "uuid": str(uuid.uuid4()), "name": name + str(i % 977), "mail": "user%d@example.org" % i,
        "score": random.random(), "at": time.time() + random.random() * 1e7, "tags": ["new", name],
        "session": os.urandom(16), "text": "Order %d was shipped to %s on %s" % (i, name, datetime.date.today()),
    })
print("up", flush=True)
time.sleep(3600)
