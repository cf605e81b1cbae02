PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('0002');
CREATE TABLE datasets (
	name VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	rule JSON NOT NULL, 
	added FLOAT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO datasets VALUES('Old castings','{HERE}/data/datasets/old-castings-f4087d6e','{"ok": ["0_ok", "accept", "accepted", "good", "io", "normal", "ok", "ok_front", "pass", "passed", "sound"], "defective": ["1_defective", "anomaly", "bad", "def", "def_front", "defect", "defective", "defects", "fail", "failed", "faulty", "ng", "nio", "nok", "not_ok", "reject", "rejected", "scrap"]}',1795893691.7652995586);
CREATE TABLE removed_datasets (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	rule JSON NOT NULL, 
	added FLOAT NOT NULL, 
	removed FLOAT NOT NULL, 
	settled FLOAT, 
	PRIMARY KEY (id)
);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	dataset VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	rule JSON NOT NULL, 
	recipe JSON NOT NULL, 
	asked FLOAT NOT NULL, 
	started FLOAT, 
	heartbeat FLOAT, 
	ended FLOAT, 
	state VARCHAR NOT NULL, 
	wish VARCHAR NOT NULL, 
	pid INTEGER, 
	model VARCHAR, 
	message VARCHAR NOT NULL, machine VARCHAR DEFAULT '' NOT NULL, queued FLOAT, born FLOAT, rewound INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO runs VALUES(1,'Old castings','{HERE}/data/datasets/old-castings-f4087d6e','{"ok": ["0_ok", "accept", "accepted", "good", "io", "normal", "ok", "ok_front", "pass", "passed", "sound"], "defective": ["1_defective", "anomaly", "bad", "def", "def_front", "defect", "defective", "defects", "fail", "failed", "faulty", "ng", "nio", "nok", "not_ok", "reject", "rejected", "scrap"]}','{"network": "evidence", "epochs": 2, "batch_size": 24, "learning_rate": 0.002, "schedule": "level", "optimizer": "muon", "early_stopping": 0, "split": "", "validation": "casting", "validation_share": 0.4, "keep": "mean", "sampling": "casting", "align": "auto", "augmentation": true, "painted": 24, "calibrate": true, "label_smoothing": 0.1, "class_weights": false, "seed": 0, "repeatable": false, "folds": 0, "learning_curve": false}',1795893692.2415738106,1795893692.2456243037,1795893715.8582298755,1795893715.8624360561,'finished','',11182,'v1','','',1795893692.2415738106,1795893689.8299999237,0);
INSERT INTO runs VALUES(2,'Old castings','{HERE}/data/datasets/old-castings-f4087d6e','{"ok": ["0_ok", "accept", "accepted", "good", "io", "normal", "ok", "ok_front", "pass", "passed", "sound"], "defective": ["1_defective", "anomaly", "bad", "def", "def_front", "defect", "defective", "defects", "fail", "failed", "faulty", "ng", "nio", "nok", "not_ok", "reject", "rejected", "scrap"]}','{"network": "classic", "epochs": 3, "batch_size": 64, "learning_rate": 0.001, "schedule": "constant", "optimizer": "adam", "early_stopping": 0, "split": "", "validation": "casting", "validation_share": 0.3, "keep": "best", "sampling": "photo", "align": "auto", "augmentation": false, "painted": 0, "calibrate": false, "label_smoothing": 0.0, "class_weights": false, "seed": 0, "repeatable": false, "folds": 0, "learning_curve": false}',1795893715.8678655624,1795893715.8698799609,1795893715.8698799609,1795893715.871925354,'failed','',1,NULL,'the loss is no longer a number','',1795893715.8678655624,0.0,0);
INSERT INTO runs VALUES(3,'Old castings','{HERE}/data/datasets/old-castings-f4087d6e','{"ok": ["0_ok", "accept", "accepted", "good", "io", "normal", "ok", "ok_front", "pass", "passed", "sound"], "defective": ["1_defective", "anomaly", "bad", "def", "def_front", "defect", "defective", "defects", "fail", "failed", "faulty", "ng", "nio", "nok", "not_ok", "reject", "rejected", "scrap"]}','{"network": "classic", "epochs": 3, "batch_size": 64, "learning_rate": 0.001, "schedule": "constant", "optimizer": "adam", "early_stopping": 0, "split": "", "validation": "casting", "validation_share": 0.3, "keep": "best", "sampling": "photo", "align": "auto", "augmentation": false, "painted": 0, "calibrate": false, "label_smoothing": 0.0, "class_weights": false, "seed": 0, "repeatable": false, "folds": 0, "learning_curve": false}',1795893715.8734440803,1795893715.8751657009,1795893715.8769721984,NULL,'working','',999999,NULL,'','',1795893715.8734440803,1.0,0);
INSERT INTO runs VALUES(4,'Old castings','{HERE}/data/datasets/old-castings-f4087d6e','{"ok": ["0_ok", "accept", "accepted", "good", "io", "normal", "ok", "ok_front", "pass", "passed", "sound"], "defective": ["1_defective", "anomaly", "bad", "def", "def_front", "defect", "defective", "defects", "fail", "failed", "faulty", "ng", "nio", "nok", "not_ok", "reject", "rejected", "scrap"]}','{"network": "classic", "epochs": 4, "batch_size": 64, "learning_rate": 0.001, "schedule": "constant", "optimizer": "adam", "early_stopping": 0, "split": "", "validation": "casting", "validation_share": 0.3, "keep": "best", "sampling": "photo", "align": "auto", "augmentation": false, "painted": 0, "calibrate": false, "label_smoothing": 0.0, "class_weights": false, "seed": 3, "repeatable": false, "folds": 0, "learning_curve": false}',1795893715.8788645268,NULL,NULL,NULL,'waiting','',NULL,NULL,'','',1795893715.8788645268,NULL,0);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	kind VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO events VALUES(1,1,1795893692.7490937709,'note','{"text": "Reading photos"}');
INSERT INTO events VALUES(2,1,1795893692.7490937709,'note','{"text": "Finding out which photos show one casting"}');
INSERT INTO events VALUES(3,1,1795893692.7490937709,'note','{"text": "Starting TensorFlow"}');
INSERT INTO events VALUES(4,1,1795893695.4079098701,'prepared','{"epochs": 2, "batches": 22, "train_photos": 8, "validation_photos": 6, "parameters": 58177, "train_castings": 4, "validation_castings": 3, "told_by_light": 1.0}');
INSERT INTO events VALUES(5,1,1795893695.4079098701,'layer','{"name": "around (Around)", "shape": "144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(6,1,1795893695.4079098701,'layer','{"name": "average_pooling2d_1 (AveragePooling2D)", "shape": "36 x 124 x 1", "parameters": 0}');
INSERT INTO events VALUES(7,1,1795893695.4079098701,'layer','{"name": "average_pooling2d (AveragePooling2D)", "shape": "36 x 124 x 1", "parameters": 0}');
INSERT INTO events VALUES(8,1,1795893695.4079098701,'layer','{"name": "up_sampling2d (UpSampling2D)", "shape": "144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(9,1,1795893695.4079098701,'layer','{"name": "subtract (Subtract)", "shape": "144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(10,1,1795893695.4079098701,'layer','{"name": "evened (Evened)", "shape": "144 x 496 x 1 and 144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(11,1,1795893695.4079098701,'layer','{"name": "seen_0 (Identity)", "shape": "144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(12,1,1795893695.4079098701,'layer','{"name": "seen_1 (Identity)", "shape": "144 x 496 x 1", "parameters": 0}');
INSERT INTO events VALUES(13,1,1795893695.4079098701,'layer','{"name": "conv2d (Conv2D)", "shape": "72 x 248 x 16", "parameters": 416}');
INSERT INTO events VALUES(14,1,1795893695.4079098701,'layer','{"name": "conv2d_1 (Conv2D)", "shape": "72 x 248 x 16", "parameters": 400}');
INSERT INTO events VALUES(15,1,1795893695.4079098701,'layer','{"name": "conv2d_6 (Conv2D)", "shape": "72 x 248 x 16", "parameters": 416}');
INSERT INTO events VALUES(16,1,1795893695.4079098701,'layer','{"name": "conv2d_7 (Conv2D)", "shape": "72 x 248 x 16", "parameters": 400}');
INSERT INTO events VALUES(17,1,1795893695.4079098701,'layer','{"name": "add (Add)", "shape": "72 x 248 x 16", "parameters": 0}');
INSERT INTO events VALUES(18,1,1795893695.4079098701,'layer','{"name": "add_1 (Add)", "shape": "72 x 248 x 16", "parameters": 0}');
INSERT INTO events VALUES(19,1,1795893695.4079098701,'layer','{"name": "re_lu (ReLU)", "shape": "72 x 248 x 16", "parameters": 0}');
INSERT INTO events VALUES(20,1,1795893695.4079098701,'layer','{"name": "re_lu_4 (ReLU)", "shape": "72 x 248 x 16", "parameters": 0}');
INSERT INTO events VALUES(21,1,1795893695.4079098701,'layer','{"name": "conv2d_2 (Conv2D)", "shape": "36 x 124 x 32", "parameters": 4608}');
INSERT INTO events VALUES(22,1,1795893695.4079098701,'layer','{"name": "conv2d_8 (Conv2D)", "shape": "36 x 124 x 32", "parameters": 4608}');
INSERT INTO events VALUES(23,1,1795893695.4079098701,'layer','{"name": "batch_normalization (BatchNormalization)", "shape": "36 x 124 x 32", "parameters": 64}');
INSERT INTO events VALUES(24,1,1795893695.4079098701,'layer','{"name": "batch_normalization_3 (BatchNormalization)", "shape": "36 x 124 x 32", "parameters": 64}');
INSERT INTO events VALUES(25,1,1795893695.4079098701,'layer','{"name": "re_lu_1 (ReLU)", "shape": "36 x 124 x 32", "parameters": 0}');
INSERT INTO events VALUES(26,1,1795893695.4079098701,'layer','{"name": "re_lu_5 (ReLU)", "shape": "36 x 124 x 32", "parameters": 0}');
INSERT INTO events VALUES(27,1,1795893695.4079098701,'layer','{"name": "conv2d_3 (Conv2D)", "shape": "36 x 124 x 32", "parameters": 9216}');
INSERT INTO events VALUES(28,1,1795893695.4079098701,'layer','{"name": "conv2d_9 (Conv2D)", "shape": "36 x 124 x 32", "parameters": 9216}');
INSERT INTO events VALUES(29,1,1795893695.4079098701,'layer','{"name": "batch_normalization_1 (BatchNormalization)", "shape": "36 x 124 x 32", "parameters": 64}');
INSERT INTO events VALUES(30,1,1795893695.4079098701,'layer','{"name": "batch_normalization_4 (BatchNormalization)", "shape": "36 x 124 x 32", "parameters": 64}');
INSERT INTO events VALUES(31,1,1795893695.4079098701,'layer','{"name": "re_lu_2 (ReLU)", "shape": "36 x 124 x 32", "parameters": 0}');
INSERT INTO events VALUES(32,1,1795893695.4079098701,'layer','{"name": "re_lu_6 (ReLU)", "shape": "36 x 124 x 32", "parameters": 0}');
INSERT INTO events VALUES(33,1,1795893695.4079098701,'layer','{"name": "average_pooling2d_2 (AveragePooling2D)", "shape": "18 x 62 x 32", "parameters": 0}');
INSERT INTO events VALUES(34,1,1795893695.4079098701,'layer','{"name": "average_pooling2d_3 (AveragePooling2D)", "shape": "18 x 62 x 32", "parameters": 0}');
INSERT INTO events VALUES(35,1,1795893695.4079098701,'layer','{"name": "conv2d_4 (Conv2D)", "shape": "18 x 62 x 48", "parameters": 13824}');
INSERT INTO events VALUES(36,1,1795893695.4079098701,'layer','{"name": "conv2d_10 (Conv2D)", "shape": "18 x 62 x 48", "parameters": 13824}');
INSERT INTO events VALUES(37,1,1795893695.4079098701,'layer','{"name": "batch_normalization_2 (BatchNormalization)", "shape": "18 x 62 x 48", "parameters": 96}');
INSERT INTO events VALUES(38,1,1795893695.4079098701,'layer','{"name": "batch_normalization_5 (BatchNormalization)", "shape": "18 x 62 x 48", "parameters": 96}');
INSERT INTO events VALUES(39,1,1795893695.4079098701,'layer','{"name": "re_lu_3 (ReLU)", "shape": "18 x 62 x 48", "parameters": 0}');
INSERT INTO events VALUES(40,1,1795893695.4079098701,'layer','{"name": "re_lu_7 (ReLU)", "shape": "18 x 62 x 48", "parameters": 0}');
INSERT INTO events VALUES(41,1,1795893695.4079098701,'layer','{"name": "features_0 (Cropping2D)", "shape": "16 x 56 x 48", "parameters": 0}');
INSERT INTO events VALUES(42,1,1795893695.4079098701,'layer','{"name": "features_1 (Cropping2D)", "shape": "16 x 56 x 48", "parameters": 0}');
INSERT INTO events VALUES(43,1,1795893695.4079098701,'layer','{"name": "says_0 (Conv2D)", "shape": "16 x 56 x 8", "parameters": 392}');
INSERT INTO events VALUES(44,1,1795893695.4079098701,'layer','{"name": "says_1 (Conv2D)", "shape": "16 x 56 x 8", "parameters": 392}');
INSERT INTO events VALUES(45,1,1795893695.4079098701,'layer','{"name": "grid_0 (Concatenate)", "shape": "16 x 56 x 16", "parameters": 0}');
INSERT INTO events VALUES(46,1,1795893695.4079098701,'layer','{"name": "places (Identity)", "shape": "16 x 56 x 16", "parameters": 0}');
INSERT INTO events VALUES(47,1,1795893695.4079098701,'layer','{"name": "strongest (Strongest)", "shape": "16", "parameters": 0}');
INSERT INTO events VALUES(48,1,1795893695.4079098701,'layer','{"name": "head (Dense)", "shape": "1", "parameters": 17}');
INSERT INTO events VALUES(49,1,1795893695.4079098701,'layer','{"name": "activation (Activation)", "shape": "1", "parameters": 0}');
INSERT INTO events VALUES(50,1,1795893695.9327735901,'note','{"text": "Learning to see painted defects on sound parts: 0 of 2 steps"}');
INSERT INTO events VALUES(51,1,1795893697.9646337032,'note','{"text": "Learning to see painted defects on sound parts: 1 of 2 steps"}');
INSERT INTO events VALUES(52,1,1795893702.6274425982,'batch','{"epoch": 1, "batch": 1, "loss": 0.45586100220680237, "accuracy": 0.9166666865348816, "seconds": 4.489}');
INSERT INTO events VALUES(53,1,1795893702.6274425982,'batch','{"epoch": 1, "batch": 2, "loss": 0.4823080599308014, "accuracy": 0.7916666865348816, "seconds": 4.638}');
INSERT INTO events VALUES(54,1,1795893702.6274425982,'batch','{"epoch": 1, "batch": 3, "loss": 0.4772244095802307, "accuracy": 0.791666567325592, "seconds": 4.79}');
INSERT INTO events VALUES(55,1,1795893702.6274425982,'batch','{"epoch": 1, "batch": 4, "loss": 0.4890512228012085, "accuracy": 0.9166668057441711, "seconds": 4.935}');
INSERT INTO events VALUES(56,1,1795893703.1323473453,'batch','{"epoch": 1, "batch": 5, "loss": 0.39750754833221436, "accuracy": 0.9999998807907104, "seconds": 5.084}');
INSERT INTO events VALUES(57,1,1795893703.1323473453,'batch','{"epoch": 1, "batch": 6, "loss": 0.35659217834472656, "accuracy": 0.9166667461395264, "seconds": 5.235}');
INSERT INTO events VALUES(58,1,1795893703.1323473453,'batch','{"epoch": 1, "batch": 7, "loss": 0.2762283980846405, "accuracy": 0.9583334922790527, "seconds": 5.379}');
INSERT INTO events VALUES(59,1,1795893703.6434240341,'batch','{"epoch": 1, "batch": 8, "loss": 0.2545079290866852, "accuracy": 0.9999996423721313, "seconds": 5.52}');
INSERT INTO events VALUES(60,1,1795893703.6434240341,'batch','{"epoch": 1, "batch": 9, "loss": 0.2392958402633667, "accuracy": 1.0000001788139343, "seconds": 5.68}');
INSERT INTO events VALUES(61,1,1795893703.6434240341,'batch','{"epoch": 1, "batch": 10, "loss": 0.22669672966003418, "accuracy": 0.958333432674408, "seconds": 5.824}');
INSERT INTO events VALUES(62,1,1795893703.6434240341,'batch','{"epoch": 1, "batch": 11, "loss": 0.24840542674064636, "accuracy": 0.9999999403953552, "seconds": 5.966}');
INSERT INTO events VALUES(63,1,1795893704.1463220118,'batch','{"epoch": 1, "batch": 12, "loss": 0.24575939774513245, "accuracy": 0.9999999403953552, "seconds": 6.107}');
INSERT INTO events VALUES(64,1,1795893704.1463220118,'batch','{"epoch": 1, "batch": 13, "loss": 0.21614965796470642, "accuracy": 1.000000238418579, "seconds": 6.247}');
INSERT INTO events VALUES(65,1,1795893704.1463220118,'batch','{"epoch": 1, "batch": 14, "loss": 0.20581772923469543, "accuracy": 0.9583327770233154, "seconds": 6.391}');
INSERT INTO events VALUES(66,1,1795893704.655226469,'batch','{"epoch": 1, "batch": 15, "loss": 0.18662092089653015, "accuracy": 1.0000004768371582, "seconds": 6.539}');
INSERT INTO events VALUES(67,1,1795893704.655226469,'batch','{"epoch": 1, "batch": 16, "loss": 0.19667544960975647, "accuracy": 0.9583334922790527, "seconds": 6.684}');
INSERT INTO events VALUES(68,1,1795893704.655226469,'batch','{"epoch": 1, "batch": 17, "loss": 0.14800730347633362, "accuracy": 0.9583331942558289, "seconds": 6.824}');
INSERT INTO events VALUES(69,1,1795893704.655226469,'batch','{"epoch": 1, "batch": 18, "loss": 0.16951057314872742, "accuracy": 0.9999999403953552, "seconds": 6.964}');
INSERT INTO events VALUES(70,1,1795893705.1605174541,'batch','{"epoch": 1, "batch": 19, "loss": 0.21888166666030884, "accuracy": 0.9583333134651184, "seconds": 7.1}');
INSERT INTO events VALUES(71,1,1795893705.1605174541,'batch','{"epoch": 1, "batch": 20, "loss": 0.23752599954605103, "accuracy": 0.9583335518836975, "seconds": 7.237}');
INSERT INTO events VALUES(72,1,1795893705.1605174541,'batch','{"epoch": 1, "batch": 21, "loss": 0.16053500771522522, "accuracy": 0.9583330750465393, "seconds": 7.38}');
INSERT INTO events VALUES(73,1,1795893705.1605174541,'batch','{"epoch": 1, "batch": 22, "loss": 0.12377813458442688, "accuracy": 0.9999998211860657, "seconds": 7.445}');
INSERT INTO events VALUES(74,1,1795893705.5487332344,'epoch','{"epoch": 1, "loss": 0.2779885232448578, "accuracy": 0.953125, "validation_loss": 0.12340545654296875, "validation_accuracy": 1.0, "seconds": 7.847314535999885, "photos_per_second": 68.7716101285713, "missed": 0.0, "false_alarms": 0.0, "f1_ok": 1.0, "f1_defective": 1.0, "learning_rate": 0.000800000037997961}');
INSERT INTO events VALUES(75,1,1795893706.1773879527,'batch','{"epoch": 2, "batch": 1, "loss": 0.14837920665740967, "accuracy": 1.0, "seconds": 0.275}');
INSERT INTO events VALUES(76,1,1795893706.1773879527,'batch','{"epoch": 2, "batch": 2, "loss": 0.1491190493106842, "accuracy": 1.0, "seconds": 0.416}');
INSERT INTO events VALUES(77,1,1795893706.1773879527,'batch','{"epoch": 2, "batch": 3, "loss": 0.14685213565826416, "accuracy": 1.0, "seconds": 0.565}');
INSERT INTO events VALUES(78,1,1795893706.6874842643,'batch','{"epoch": 2, "batch": 4, "loss": 0.21114686131477356, "accuracy": 0.9583332538604736, "seconds": 0.718}');
INSERT INTO events VALUES(79,1,1795893706.6874842643,'batch','{"epoch": 2, "batch": 5, "loss": 0.15687195956707, "accuracy": 0.9583334922790527, "seconds": 0.859}');
INSERT INTO events VALUES(80,1,1795893706.6874842643,'batch','{"epoch": 2, "batch": 6, "loss": 0.10673888027667999, "accuracy": 0.9999998807907104, "seconds": 1.008}');
INSERT INTO events VALUES(81,1,1795893707.1905269623,'batch','{"epoch": 2, "batch": 7, "loss": 0.15550032258033752, "accuracy": 0.9999999403953552, "seconds": 1.152}');
INSERT INTO events VALUES(82,1,1795893707.1905269623,'batch','{"epoch": 2, "batch": 8, "loss": 0.141497403383255, "accuracy": 0.9999999403953552, "seconds": 1.293}');
INSERT INTO events VALUES(83,1,1795893707.1905269623,'batch','{"epoch": 2, "batch": 9, "loss": 0.11740683019161224, "accuracy": 0.9999999403953552, "seconds": 1.434}');
INSERT INTO events VALUES(84,1,1795893707.1905269623,'batch','{"epoch": 2, "batch": 10, "loss": 0.09784670174121857, "accuracy": 1.0000002980232239, "seconds": 1.574}');
INSERT INTO events VALUES(85,1,1795893707.694758892,'batch','{"epoch": 2, "batch": 11, "loss": 0.15866060554981232, "accuracy": 1.0, "seconds": 1.725}');
INSERT INTO events VALUES(86,1,1795893707.694758892,'batch','{"epoch": 2, "batch": 12, "loss": 0.08149747550487518, "accuracy": 1.000000238418579, "seconds": 1.87}');
INSERT INTO events VALUES(87,1,1795893707.694758892,'batch','{"epoch": 2, "batch": 13, "loss": 0.07517865300178528, "accuracy": 0.9999998807907104, "seconds": 2.014}');
INSERT INTO events VALUES(88,1,1795893708.2091891765,'batch','{"epoch": 2, "batch": 14, "loss": 0.08553105592727661, "accuracy": 1.0000001192092896, "seconds": 2.193}');
INSERT INTO events VALUES(89,1,1795893708.2091891765,'batch','{"epoch": 2, "batch": 15, "loss": 0.08538287878036499, "accuracy": 0.999999463558197, "seconds": 2.395}');
INSERT INTO events VALUES(90,1,1795893708.2091891765,'batch','{"epoch": 2, "batch": 16, "loss": 0.09291186928749084, "accuracy": 1.000000536441803, "seconds": 2.549}');
INSERT INTO events VALUES(91,1,1795893708.7135255336,'batch','{"epoch": 2, "batch": 17, "loss": 0.10631754249334335, "accuracy": 0.9999999403953552, "seconds": 2.696}');
INSERT INTO events VALUES(92,1,1795893708.7135255336,'batch','{"epoch": 2, "batch": 18, "loss": 0.08895038813352585, "accuracy": 1.0000000596046448, "seconds": 2.841}');
INSERT INTO events VALUES(93,1,1795893708.7135255336,'batch','{"epoch": 2, "batch": 19, "loss": 0.07270151376724243, "accuracy": 1.0, "seconds": 2.984}');
INSERT INTO events VALUES(94,1,1795893708.9950518608,'batch','{"epoch": 2, "batch": 20, "loss": 0.08888177573680878, "accuracy": 0.9999997615814209, "seconds": 3.127}');
INSERT INTO events VALUES(95,1,1795893708.9950518608,'batch','{"epoch": 2, "batch": 21, "loss": 0.07581782341003418, "accuracy": 0.9583337306976318, "seconds": 3.268}');
INSERT INTO events VALUES(96,1,1795893708.9950518608,'batch','{"epoch": 2, "batch": 22, "loss": 0.06981551647186279, "accuracy": 0.9999985694885254, "seconds": 3.317}');
INSERT INTO events VALUES(97,1,1795893708.9950518608,'epoch','{"epoch": 2, "loss": 0.11561544239521027, "accuracy": 0.994140625, "validation_loss": 0.1379014253616333, "validation_accuracy": 1.0, "seconds": 3.387569633999874, "photos_per_second": 154.37281283950958, "missed": 0.0, "false_alarms": 0.0, "f1_ok": 1.0, "f1_defective": 1.0, "learning_rate": 0.000800000037997961}');
INSERT INTO events VALUES(98,1,1795893712.7512836456,'light','{"photos": 6, "accuracy": 1.0, "accuracy_even": 1.0}');
INSERT INTO events VALUES(99,1,1795893712.7512836456,'note','{"text": "Writing and checking the model version"}');
INSERT INTO events VALUES(100,3,1795893715.8769721984,'note','{"text": "Reading photos"}');
CREATE TABLE decisions (
	id INTEGER NOT NULL, 
	batch VARCHAR NOT NULL, 
	folder VARCHAR NOT NULL, 
	photo VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	"before" VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO decisions VALUES(1,'ed56e452d3f2415696d59e8f9886e184','{HERE}/data/datasets/old-castings-f4087d6e','1f00b3eca1ed9c50817e492f3d67bcb0cadc18c4af9c743b36abab04f48df4bc','tag','scratch','','seen','Anna',1795893692.1755936145);
INSERT INTO decisions VALUES(2,'ed56e452d3f2415696d59e8f9886e184','{HERE}/data/datasets/old-castings-f4087d6e','2ac8a39622ba780157890d61eef2626bef1129bd9d04afe487bb8f4a2f49fc6a','tag','scratch','','seen','Anna',1795893692.1755936145);
INSERT INTO decisions VALUES(3,'b54e88ece86e4f928fd6b056a1104a0b','{HERE}/data/datasets/old-castings-f4087d6e','d1208bf26718b15ee5001eab36ee257def35e050e82d1ab61bf88bd32ff311a5','leave out','','','blurred','Anna',1795893692.1783485412);
INSERT INTO decisions VALUES(4,'629552cb0a5e4de1bebc2ee1cc52be5a','{HERE}/data/datasets/old-castings-f4087d6e','','undo','b54e88ece86e4f928fd6b056a1104a0b','','','Ben',1795893692.1799511909);
CREATE TABLE splits (
	folder VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	"plan" JSON NOT NULL, 
	parts JSON NOT NULL, 
	made FLOAT NOT NULL, 
	PRIMARY KEY (folder, name)
);
INSERT INTO splits VALUES('{HERE}/data/datasets/old-castings-f4087d6e','by casting','{"kind": "casting", "share": 0.3, "seed": 0}','{"1f00b3eca1ed9c50817e492f3d67bcb0cadc18c4af9c743b36abab04f48df4bc": "train", "2ac8a39622ba780157890d61eef2626bef1129bd9d04afe487bb8f4a2f49fc6a": "train", "d1208bf26718b15ee5001eab36ee257def35e050e82d1ab61bf88bd32ff311a5": "train", "126c26c10b6bf2a73030ebba8c8c8a7127bf5b974a2d3a62254662cdaf326f5b": "train", "1a656c403444b432b55b5ce5a00010e67ca427fe7567291458e3ddb14472d51d": "train", "f495c9e0e00ed7b9bc7d3a99023c16aba55f2d24e2a460436c24b54f33abae65": "train", "f88953e6d1e08e11a4e25e7df9ae6bb0b70ed06d87629284edfa803cb87b9ac6": "train", "441f13cfac7d8ae5ce2a7cf17dd77ce6c536757fba41b4d1ce739c35495e82c0": "test", "be937be6d152a58ebff37d6cf0242c954edc5ac0139ff3e5edb086ecf5b18feb": "train", "340a45ee1700c4578cd4cd4d290fb942a87a68203f994682795a452bfed348c8": "test", "da30a35bebc57093900aff302eea89c9d7824e36f360c18fb8dec0480b803044": "train", "76dea5ff52f813a0de792c0c56ae6a6964422a17d984cde6e1048dfcf4d662e3": "test", "883e2bcd3ea848981777d2b45684c10cb94a0b7678d2b0413371e9998200fff8": "test", "836c29339731214e39e76ba3e36a7ea529670394d8b9236339f8fabebf494ce8": "train", "4d349d31c564598888bc6b503db66bcf0f326d14da778cbed78743306829a15b": "train", "3f1c9313feea56b0931931de3165cbeb09dfefd8ce093f5de4469cba3d9db9aa": "train", "5ad793028b3010dac603e05e8256d8b17d21e5f233d25a42c3901f9c0295c3c7": "train", "72c9d6bdc7eff1bfcaa831c2dd38ff67dfa613abc871d31dbd98ec2cfc0d3a08": "train", "d1261e0057c4aab65a23f5502e804f3f954a03945841a799362536c10aad1e31": "test", "3b2972f445085e869620abc4c0bf8eb0c5bea4ad0c4c65a6320069ddde8baeb4": "test"}',1795893692.1710312366);
CREATE TABLE revisions (
	folder VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	photos INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (folder, number)
);
INSERT INTO revisions VALUES('{HERE}/data/datasets/old-castings-f4087d6e',1,'6147f6a4451ec400a56c47f65d385b556ea58194ceeb3505363c94a02c2c927a',20,1795893715.834747076);
CREATE INDEX ix_decisions_folder ON decisions (folder);
CREATE INDEX ix_events_run_id ON events (run, id);
COMMIT;
