# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by openssl(1) when they are needed: an authority, and what it
signs or should not have signed."""
import pathlib
import subprocess


def openssl(*arguments):
    done = subprocess.run(['openssl', *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


class Authority:
    """Makes pairs of certificate and key, in one file each, in `folder`."""

    def __init__(self, folder, name):
        self.folder, self.name = pathlib.Path(folder), name
        self.folder.mkdir(exist_ok=True)
        self.key, self.file = self.folder / f'{name}.key', self.folder / f'{name}.pem'
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                '-keyout', self.key, '-out', self.file, '-subj', f'/CN={name}', '-days', '2',
                '-addext', 'basicConstraints=critical,CA:TRUE',
                '-addext', 'keyUsage=critical,keyCertSign')

    def pair(self, name, host, since=None, until=None, rsa=False):
        """The path of certificate and key for the host, a name or an address; `since` and
        `until` are like 20200101000000Z, and else from now on for two days."""
        kind = 'IP' if host.replace('.', '').isdigit() else 'DNS'
        key, request, file = (self.folder / f'{name}.{end}' for end in ('key', 'csr', 'pem'))
        new = ['rsa:2048'] if rsa else ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
        openssl('req', '-newkey', *new, '-nodes', '-keyout', key, '-out', request,
                '-subj', f'/CN={host}', '-addext', f'subjectAltName={kind}:{host}')
        self.sign(request, file, since, until)
        file.write_bytes(file.read_bytes() + key.read_bytes())
        return file

    def sign(self, request, file, since, until):
        """By `openssl ca`, which alone lets one choose the dates."""
        place = self.folder / f'{file.stem}.ca'
        place.mkdir()
        (place / 'index.txt').touch()
        config = place / 'config'
        config.write_text(
            f'[ca]\ndefault_ca = it\n[it]\ndatabase = {place}/index.txt\nnew_certs_dir = {place}\n'
            f'rand_serial = yes\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\n'
            '[any]\ncommonName = supplied\n', encoding='utf8')
        dates = ['-startdate', since, '-enddate', until] if since else ['-days', '2']
        openssl('ca', '-batch', '-config', config, '-cert', self.file, '-keyfile', self.key,
                '-in', request, '-out', file, '-notext', *dates)


def self_signed(folder, name, host):
    file, key = pathlib.Path(folder, f'{name}.pem'), pathlib.Path(folder, f'{name}.key')
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-keyout', key, '-out', file, '-subj', f'/CN={host}', '-days', '2',
            '-addext', f'subjectAltName=IP:{host}')
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file
