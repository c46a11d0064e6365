"""The sentences of peyk-stream(7) that say how the wire is: what a check quotes, and what
coverage.py counts."""
import re
import subprocess

SECTIONS = ('DESCRIPTION', 'Topic', 'Header', 'Body', 'Heartbeat', 'REPLAY', 'JOINING', 'KEYS', 'LIMITS')
# Confidence and Stories say what records mean, not how they travel: their tests are golden/,
# unit/publish/story and scenario/stories.


def plain(text):
    """Without markdown's marks: words alone."""
    text = re.sub(r"'?`([^`]*)`'?", r'\1', text)
    text = re.sub(r'(?m)^> ', '', text).replace('\\', '')
    text = re.sub(r'\s+([,.;:)])', r'\1', ' '.join(text.replace('*', '').split()))
    return text.replace('( ', '(')


def sentences(path):
    """[(section, sentence)]; the tag of a list stands before the first one of its item."""
    text = subprocess.run(['mandoc', '-T', 'markdown', path], check=True, capture_output=True, text=True).stdout
    section, tag, found = None, '', []
    for paragraph in re.split(r'\n\s*\n', text):
        heading = re.match(r'#+ (.*)', paragraph.strip())
        if heading:
            section, tag = plain(heading[1]), ''
        elif section in SECTIONS and paragraph.strip():
            lines = paragraph.strip('\n')
            for sentence in re.split(r'(?<=[.])\n(?!\()', lines):
                sentence = plain(re.sub(r'^\s*[0-9]+\.\t', '', sentence))
                if sentence[-1] in '.:':
                    found.append((section, tag + sentence))
                    tag = ''
                elif not lines.startswith(('\t', '>')):
                    found += [(section, tag[:-2])] if tag else []
                    tag = sentence + ': '
                else:
                    found.append((section, tag + sentence))
                    tag = ''
    return found
