int vuln(void);
int x;
