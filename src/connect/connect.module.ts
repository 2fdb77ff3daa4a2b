import { Module } from '@nestjs/common';
import { ConnectController } from './connect.controller.js';

@Module({ controllers: [ConnectController] })
export class ConnectModule {}
