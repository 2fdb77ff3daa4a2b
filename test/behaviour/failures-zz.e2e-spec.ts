import { Module } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { ComplaintLog, listen } from '../apps/events-test-app.js';

@WebSocketGateway({ path: '/x' })
class G { afterInit(): unknown { throw new Error('sync afterInit'); } handleMessage() {} }
@Module({ providers: [G] }) class M {}
@WebSocketGateway({ path: '/x' })
class G2 { async afterInit(): Promise<void> { throw new Error('async afterInit'); } handleMessage() {} }
@Module({ providers: [G2] }) class M2 {}
it.each([M, M2])('%p', async (m) => {
  const log = new ComplaintLog();
  const app = await listen(m, {}, log).catch((e) => { console.log('start failed', e); });
  await new Promise((r) => setTimeout(r, 300));
  console.log(log.complaints);
  await app?.close();
});
