int gc(struct inode *inode)
{
	int err;

	if (is_bad(inode) || is_special(inode)) {
		iput(inode);
		inode->bad++;
		return 0;
	}

	if (has_inline_data(inode)) {
		set_flag(inode, NEED_FSCK);
		printk("%s",
			"inode %lx has both a flag and "
			"a block, nid=%u",
			inode->ino, inode->nid);
		iput(inode);
		return 0;
	}

	err = pin(inode);
	return err;
}
