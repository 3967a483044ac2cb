"""An SMTP server for tests: keeps what it takes as files and says on its output which port it has.

usage: smtp_server.py FOLDER [--tls CERTIFICATE KEY] [--login USER PASSWORD]

Recipients decide what happens: refused@... is refused, flaky@... once, and the connection to lost@... is cut instead of an answer.
With --tls nothing is taken before STARTTLS; with --login nothing before a login.
"""
import argparse
import asyncio
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Keeper:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.refused = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "refused" or (name == "flaky" and name not in self.refused):
            self.refused.add(name)
            return "550 5.1.1 Nobody of that name lives here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("lost@"):
            server.transport.abort()
            return "451 lost"
        self.count += 1
        name = os.path.join(self.folder, f"{self.count:03}")
        with open(name, "wb") as mail:
            mail.write(envelope.content)
        os.rename(name, f"{name}.eml")
        return "250 OK"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--login", nargs=2)
    arguments = parser.parse_args()
    options = {}
    if arguments.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*arguments.tls)
        options.update(tls_context=context, require_starttls=True)
    if arguments.login:
        expected = LoginPassword(*(word.encode() for word in arguments.login))

        def login(server, session, envelope, mechanism, data):
            return AuthResult(success=data == expected, handled=False)

        options.update(authenticator=login, auth_required=True, auth_require_tls=bool(arguments.tls))
    keeper = Keeper(arguments.folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="localhost", enable_SMTPUTF8=True, **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
