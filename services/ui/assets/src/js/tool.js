// Signing with a token at this computer: hands documents to the government's signing tool, one after another. The tool
// fetches and returns each file by itself; what it says here is shown, and counts for nothing.
const WORDS = {
  vi: {
    now: 'Đang chờ công cụ ký. Nhập mã PIN nếu công cụ hỏi.',
    done: 'Công cụ báo đã ký',
    failed: 'Chưa ký được',
    absent: 'Không gặp được công cụ ký trên máy này. Hãy mở công cụ, cắm USB ký số rồi bấm thử lại.',
    some: 'Có văn bản chưa ký được. Xem kết quả rồi chọn ký lại các văn bản đó.',
  },
  en: {
    now: 'Waiting for the signing tool. Enter your PIN if it asks.',
    done: 'The tool says it is signed',
    failed: 'Not signed',
    absent: 'The signing tool on this computer does not answer. Open it, plug in your token and try again.',
    some: 'Some documents are not signed. See the result, then pick them again.',
  },
};
const words = () => WORDS[document.documentElement.lang] ?? WORDS.vi;

function show(item, state, text) {
  item.dataset.state = state;
  item.querySelector('output').textContent = text;
}

/** What the tool is told: the addresses as this browser calls the site. */
function request(item) {
  const said = JSON.parse(item.dataset.request);
  for (const key of ['FileName', 'FileUploadHandler']) said[key] = new URL(said[key], location.href).href;
  return JSON.stringify(said);
}

/** One document: what the tool answers; null when there is no tool. */
function ask(item) {
  return new Promise((resolve) => {
    const socket = new WebSocket(item.dataset.tool);
    let opened = false;
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(request(item));
    });
    socket.addEventListener('message', ({ data }) => {
      try {
        resolve(JSON.parse(data));
      } catch {
        resolve({ Status: -1, Message: '' });
      }
      socket.close();
    });
    // After an answer this changes nothing. A tool that was closed in the middle may have used its passes.
    socket.addEventListener('close', () => resolve(opened ? { Status: -1, Message: '' } : null));
  });
}

async function work(run) {
  const told = document.querySelector('[data-tool-told]');
  const again = document.querySelector('[data-tool-again]');
  told.textContent = '';
  again.hidden = true;
  for (const item of run.querySelectorAll('li:not([data-state=done])')) {
    show(item, 'now', words().now);
    const answer = await ask(item);
    if (answer?.Status === 0) {
      show(item, 'done', words().done);
      continue;
    }
    const reason = typeof answer?.Message === 'string' ? answer.Message.slice(0, 300) : '';
    show(item, 'failed', reason ? `${words().failed}: ${reason}` : words().failed);
    // Nothing was fetched, so that every pass is still good.
    if (answer === null) {
      told.textContent = words().absent;
      again.hidden = false;
      return;
    }
  }
  if (run.querySelector('[data-state=failed]')) {
    told.textContent = words().some;
  } else {
    location.assign(run.dataset.toolRun);
  }
}

document.addEventListener('click', (event) => {
  const run = event.target.closest('[data-tool-again]') && document.querySelector('[data-tool-run]');
  if (run) work(run);
});

const run = document.querySelector('[data-tool-run]');
if (run && run.querySelector('li[data-tool^="wss:"]')) work(run);
